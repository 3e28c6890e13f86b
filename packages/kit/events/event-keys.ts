/** Where the events of a domain are in Redis. All rooms that tell or listen share one Redis. */

export interface EventKeys {
  /** Everything the domain tells, in order. */
  stream: string;
  /** What a reader could not handle, and what waits behind it. */
  dead: string;
  /** By dead letter: why, how often, when last. */
  reasons: string;
  /** Who relays at this moment. */
  relay: string;
  /** Ids of events that are in the stream and may still be in the outbox. */
  sent: string;
  /** What the relays said of themselves last. */
  status: string;
  /** By whom the domain is asked to tell everything anew. */
  wishes: string;
}

export interface ReaderKeys {
  /** Which process reads for this group. */
  reader: string;
  /** Rises with every reader, so that one that was taken for dead can be told from the one that took over. */
  fence: string;
  /** By entry: how often its handling has begun and not ended well. */
  attempts: string;
  /** What operators ask the reader to do. */
  asked: string;
}

export function eventKeys(subgraph: string): EventKeys {
  const stream = `souk:${subgraph}`;
  return {
    stream,
    dead: `${stream}:dead`,
    reasons: `${stream}:dead:reasons`,
    relay: `${stream}:relay`,
    sent: `${stream}:relay:sent`,
    status: `${stream}:relay:status`,
    wishes: `${stream}:wishes`,
  };
}

/** `group` is the domain that listens. */
export function readerKeys(subgraph: string, group: string): ReaderKeys {
  const of = (what: string) => `souk:${subgraph}:${what}:${group}`;
  return {
    reader: of('reader'),
    fence: of('fence'),
    attempts: of('attempts'),
    asked: of('asked'),
  };
}
