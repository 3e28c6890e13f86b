/** What clients say (graphql-transport-ws), read with care, and what they are told. */
import { parseJson } from '@souk/kit/http/json';
import { type Message, MessageType, validateMessage } from 'graphql-ws';
import type { RefusalError } from '../refusal.ts';

/** Nothing when it is no message of the protocol. */
export function readMessage(data: Buffer): Message | undefined {
  const json = parseJson(data);
  if (!json.ok) return undefined;
  try {
    return validateMessage(withQuery(json.value));
  } catch {
    // It says what is wrong in words for its own developers; the client is told the code.
    return undefined;
  }
}

/** A registered document is asked for by its id alone; the package wants a text beside it. */
function withQuery(value: unknown): unknown {
  const { type, payload } = (value ?? {}) as { type?: unknown; payload?: Record<string, unknown> };
  if (type === MessageType.Subscribe && typeof payload?.documentId === 'string') payload.query ??= '';
  return value;
}

export function errorMessage(id: string, errors: readonly RefusalError[]): string {
  return JSON.stringify({ id, type: MessageType.Error, payload: errors });
}

export function completeMessage(id: string): string {
  return JSON.stringify({ id, type: MessageType.Complete });
}

/** `connection_ack`, `ping` or `pong`. */
export function plainMessage(type: MessageType, payload?: Record<string, unknown>): string {
  return JSON.stringify(payload === undefined ? { type } : { type, payload });
}
