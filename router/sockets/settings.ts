/** What an operator may set about clients that stay connected. */
import { integer } from '@souk/kit/settings/kinds';
import type { z } from 'zod';
import { SOCKET_DEFAULTS, type SocketOptions } from './options.ts';

const KILOBYTE = 1_024;

export const SOCKET_SETTINGS = {
  ROUTER_SOCKETS: integer(0, 1_000_000).default(SOCKET_DEFAULTS.maxSockets),
  ROUTER_SOCKETS_ADDRESS: integer(0, 1_000_000).default(SOCKET_DEFAULTS.maxPerAddress),
  ROUTER_SOCKETS_VIEWER: integer(0, 1_000_000).default(SOCKET_DEFAULTS.maxPerViewer),
  ROUTER_SUBSCRIPTIONS: integer(0, 10_000_000).default(SOCKET_DEFAULTS.maxSubscriptions),
  ROUTER_SOCKET_OPERATIONS: integer(1, 100_000).default(SOCKET_DEFAULTS.maxOperations),
  ROUTER_SOCKET_MESSAGES: integer(1, 1_000_000).default(SOCKET_DEFAULTS.maxMessagesPerSecond),
  ROUTER_SOCKET_MESSAGE_KB: integer(1, 1_048_576).default(SOCKET_DEFAULTS.maxMessageBytes / KILOBYTE),
  ROUTER_SOCKET_BUFFER_KB: integer(1, 1_048_576).default(SOCKET_DEFAULTS.maxBufferedBytes / KILOBYTE),
  ROUTER_SOCKET_PING_SECONDS: integer(1, 3_600).default(SOCKET_DEFAULTS.pingEveryMs / 1_000),
};

export type SocketSettings = z.output<z.ZodObject<typeof SOCKET_SETTINGS>>;

export function socketOptionsOf(settings: SocketSettings): Partial<SocketOptions> {
  return {
    maxSockets: settings.ROUTER_SOCKETS,
    maxPerAddress: settings.ROUTER_SOCKETS_ADDRESS,
    maxPerViewer: settings.ROUTER_SOCKETS_VIEWER,
    maxSubscriptions: settings.ROUTER_SUBSCRIPTIONS,
    maxOperations: settings.ROUTER_SOCKET_OPERATIONS,
    maxMessagesPerSecond: settings.ROUTER_SOCKET_MESSAGES,
    maxMessageBytes: settings.ROUTER_SOCKET_MESSAGE_KB * KILOBYTE,
    maxBufferedBytes: settings.ROUTER_SOCKET_BUFFER_KB * KILOBYTE,
    pingEveryMs: settings.ROUTER_SOCKET_PING_SECONDS * 1_000,
  };
}
