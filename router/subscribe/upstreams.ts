/** Where the events of each subgraph come from. */
import type { Log } from '@souk/kit/observe/log';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import type { Supergraph } from '../supergraph/load.ts';
import { createHandlerUpstream } from './handler-upstream.ts';
import { createSocketUpstream } from './socket-upstream.ts';
import type { Upstream } from './upstream.ts';

export interface UpstreamsOptions {
  subscribeHandlers: Record<string, SubscribeHandler>;
  urls: Record<string, string>;
  maxAnswerBytes: number;
  connectionHeaders(): Record<string, string>;
  onReconnected(subgraph: string): void;
  log: Log;
}

export interface Upstreams {
  /** The same object for as long as the subgraph is at the same place. */
  of(supergraph: Supergraph, subgraph: string): Upstream;
  stop(): void;
}

/** Where subgraphs are by supergraphs that have been: their sockets are closed for idleness, the rest is little. */
const MAX_PLACES = 1_000;

export function createUpstreams(options: UpstreamsOptions): Upstreams {
  const { subscribeHandlers, urls, connectionHeaders, log } = options;
  const known = new Map<string, Upstream>();

  const make = (subgraph: string, url: string): Upstream =>
    Object.hasOwn(subscribeHandlers, subgraph)
      ? createHandlerUpstream(subscribeHandlers[subgraph]!, log)
      : createSocketUpstream({
          subgraph,
          url: url.replace(/^http/, 'ws'),
          connectionHeaders,
          maxBytes: options.maxAnswerBytes,
          onReconnected: () => options.onReconnected(subgraph),
          log,
        });

  return {
    of: ({ subgraphs }, subgraph) => {
      const inSdl = subgraphs.find(({ name }) => name === subgraph)!.url;
      const url = Object.hasOwn(urls, subgraph) ? urls[subgraph]! : inSdl;
      const place = `${subgraph} ${url}`;
      let upstream = known.get(place);
      if (!upstream) {
        if (known.size >= MAX_PLACES) known.delete(known.keys().next().value!);
        upstream = make(subgraph, url);
        known.set(place, upstream);
      }
      return upstream;
    },
    stop: () => {
      for (const upstream of known.values()) upstream.close();
      known.clear();
    },
  };
}
