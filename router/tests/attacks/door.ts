/** A router behind a real socket, as attackers meet it, and ways to speak to it that no client library allows. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { randomViewerKey } from '@souk/kit/auth/viewer';
import { type Served, serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import type { RouterOptions } from '../../create.ts';
import type { Told } from '../toy/ask.ts';
import { createIssuer, type Issuer } from '../toy/issuer.ts';
import { startToyRouter, type ToyRouter } from '../toy/router.ts';

export interface Door {
  toy: ToyRouter;
  issuer: Issuer;
  served: Served;
  send(request: Sent): Promise<Told>;
  /** A POST of JSON. */
  ask(query: string, variables?: Record<string, unknown>, headers?: Sent['headers']): Promise<Told>;
  /** Writes bytes as they are, and answers with all that comes back until the router closes the socket. */
  raw(bytes: string | Buffer): Promise<string>;
  close(): Promise<void>;
}

export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** What it is called, and what it does; it fails when it gets through. */
export type Attack = readonly [name: string, run: (door: Door) => Promise<void>];

export const viewerKey = randomViewerKey();
export const JSON_BODY = { 'content-type': 'application/json' };
/** With this one, refused operations come with the status that they deserve. */
export const STRICT = { accept: 'application/graphql-response+json' };

const SILENT_MS = 10_000;

export async function openDoor(options: Partial<RouterOptions> = {}): Promise<Door> {
  const issuer = await createIssuer();
  const toy = await startToyRouter({ tokens: issuer.options, viewerKey, ...options });
  const served = await serve({ handler: toy.handler, log: silentLog });
  const send = (request: Sent) => exchange(served.port, request);
  return {
    toy,
    issuer,
    served,
    send,
    ask: (query, variables, headers) =>
      send({ headers: { ...STRICT, ...headers }, body: JSON.stringify({ query, variables }) }),
    raw: (bytes) => exchangeRaw(served.port, bytes),
    close: async () => {
      await served.stop();
      await toy.router.stop();
    },
  };
}

function exchange(
  port: number,
  { method = 'POST', path = '/graphql', headers = {}, body }: Sent,
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      port,
      method,
      path,
      agent: false,
      headers: { ...(body === undefined ? {} : bodyHeaders(body, headers)), ...headers },
    });
    sent.on('error', reject);
    sent.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve(toldOf(incoming.statusCode!, incoming.headers, Buffer.concat(chunks).toString())),
      );
      incoming.on('error', reject);
    });
    sent.end(body);
  });
}

function bodyHeaders(body: string | Buffer, given: Sent['headers'] = {}): Record<string, string> {
  const length = { 'content-length': `${Buffer.byteLength(body)}` };
  return { ...JSON_BODY, ...('transfer-encoding' in given ? {} : length) };
}

function toldOf(status: number, headers: IncomingHttpHeaders, text: string): Told {
  const isJson = headers['content-type']?.includes('json') ?? false;
  const { data, errors = [] } = isJson ? JSON.parse(text) : {};
  return { status, headers: headers as Record<string, string>, text, data, errors };
}

function exchangeRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(SILENT_MS, () => socket.destroy(new Error(`the router said no more after:\n${heard}`)));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      // A router that hangs up while it is still being written to has said what it had to say.
      ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? resolve(heard) : reject(error),
    );
    socket.on('close', () => resolve(heard));
  });
}

/** A request by its lines, with what HTTP needs between them; the last one closes the connection. */
export function lines(...parts: string[]): string {
  return `${parts.join('\r\n')}\r\n\r\n`;
}

export function statusesOf(heard: string): number[] {
  return [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
