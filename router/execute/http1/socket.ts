/** Opens a socket to an origin. Of a name with several addresses, Node tries one after the other. */
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls';

/** Whom to trust in place of the authorities that Node knows. */
export type Trust = Pick<ConnectionOptions, 'ca'>;

export interface Opening {
  socket: Socket;
  /** What it tells when requests may be written. */
  connectedEvent: 'connect' | 'secureConnect';
}

/** A connection of which nothing is heard for so long is asked by the system whether it is still there. */
const TCP_KEEP_ALIVE_MS = 30_000;

export function openSocket(origin: URL, trust: Trust): Opening {
  const isSecure = origin.protocol === 'https:';
  // IPv6 stands in brackets.
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const port = Number(origin.port) || (isSecure ? 443 : 80);
  const to = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
  if (!isSecure) return { socket: connect(to), connectedEvent: 'connect' };
  const servername = isIP(host) ? {} : { servername: host };
  const socket = connectSecurely({ ...to, ...trust, ...servername, ALPNProtocols: ['http/1.1'] });
  return { socket, connectedEvent: 'secureConnect' };
}
