/** How a request reaches a subgraph. A fault is an outcome like any other, since the router lives on it. */
import type { GiveUp } from './give-up.ts';

export interface TransportRequest {
  /** JSON. */
  body: Buffer;
  headers: Record<string, string>;
  giveUp: GiveUp;
  /** Whether it may be sent again when its connection ended and nobody knows what became of it. */
  mayRepeat: boolean;
}

export type TransportOutcome =
  | { ok: true; status: number; body: Buffer | string }
  | { ok: false; fault: 'unreachable' | 'too large' | 'cancelled'; detail: string };

export interface Transport {
  send(request: TransportRequest): Promise<TransportOutcome>;
  close(): Promise<void>;
}

export const SUBGRAPH_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
};
