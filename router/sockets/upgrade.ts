/** How a WebSocket comes in: the request for one is judged before it is granted, so that refusals cost little. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { EMPTY_BODY, type HttpRequest, REQUEST_ID_HEADER } from '@souk/kit/http/handler';
import type { Refusal } from '../refusal.ts';

/** Of other sites, as browsers write them; `*` lets any page in. */
export type Origins = '*' | readonly string[];

/** Headers of the request for the socket that count as long as it stays. */
const KEPT = [
  'authorization',
  'souk-guest',
  'user-agent',
  'x-forwarded-for',
  'origin',
  'host',
  REQUEST_ID_HEADER,
];

/** The whole request, with its parser and all its headers, would be kept as long as the socket is. */
export function requestOf({ headers, socket }: IncomingMessage, forwarded: readonly string[]): HttpRequest {
  const kept: HttpRequest['headers'] = {};
  for (const name of [...KEPT, ...forwarded]) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  const ip = socket.remoteAddress;
  return {
    // Mutations come over a socket too, and it is no GET that a link could send.
    method: 'POST',
    path: '/graphql',
    query: '',
    headers: kept,
    body: EMPTY_BODY,
    ...(ip === undefined ? {} : { ip }),
  };
}

/**
 * Any page of any site can open a socket from its visitor's browser, and no preflight asks before. Programs that are no
 * browsers name no origin, or whatever they like.
 */
export function mayOpen({ origin, host }: HttpRequest['headers'], origins: Origins): boolean {
  if (origin === undefined || origins === '*' || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

export function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

const OF_THE_UPGRADE = ['upgrade', 'connection', 'http2-settings'];

/**
 * Who offers another protocol beside, as Java's client does with HTTP/2, is answered as if nothing had been offered (RFC
 * 9110, 7.8). Node hands out every such request once somebody takes upgrades; this hands it back.
 */
export function serveWithoutUpgrade(
  server: Server,
  { method, url, rawHeaders }: IncomingMessage,
  wire: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (!OF_THE_UPGRADE.includes(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  wire.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', wire);
}

/** As any other request that is refused, and the connection closed. */
export function refuse(wire: Duplex, { status, errors, headers }: Refusal): void {
  const body = JSON.stringify({ errors });
  const lines = Object.entries({
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  // A peer that has gone already.
  wire.on('error', () => {});
  // One that never closes its own side must not keep the connection.
  wire.once('finish', () => wire.destroy());
  wire.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
