/** The topics of an event: the keys under which it is followed live. */
import type { DeclaredEvents, ToldEvent } from './events.ts';

/** A follower of a quiet topic may come back with an old cursor for so long, and learns that nothing was missed. */
export const TOPIC_KEPT_S = 7 * 24 * 60 * 60;

export function topicsOf(declared: DeclaredEvents | undefined, event: ToldEvent): string[] {
  const more = declared?.types[event.type]?.topics?.(event.data) ?? [];
  return [...new Set([event.aggregateId, ...more])];
}

/** The channel of a topic, and the key that holds the id of the last event that was told there. */
export function topicKey(subgraph: string, topic: string): string {
  return `souk:${subgraph}:topic:${topic}`;
}
