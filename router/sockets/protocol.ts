/**
 * What is said on a socket: graphql-transport-ws, with the message types and close codes of the `graphql-ws` package. The
 * package's own server is not used: it renders each message for each client, and it loses an operation whose id is used
 * again while it begins (ADR 22).
 */
import { MessageType, type SubscribeMessage } from 'graphql-ws';
import { paramsOf } from '../http/read-params.ts';
import type { Guard } from '../policy/guard.ts';
import type { Refusal } from '../refusal.ts';
import type { Connections } from './connections.ts';
import type { Farewell } from './farewells.ts';
import { plainMessage, readMessage } from './messages.ts';
import { tooManyOperations } from './operations.ts';
import type { SocketOptions } from './options.ts';
import type { Renew } from './renew.ts';
import type { RunOnSocket } from './run.ts';
import type { Socket } from './socket.ts';

export interface ProtocolOptions {
  guard: Pick<Guard, 'admit'>;
  connections: Connections;
  limits: SocketOptions;
  run: RunOnSocket['run'];
  renew: Renew;
}

/** Of `connection_init`, and of a `ping` that renews. */
export const AUTHORIZATION = 'authorization';
const GUEST_TOKEN = 'souk-guest';

export function createProtocol(options: ProtocolOptions) {
  const { guard, connections, limits, run, renew } = options;

  const initialise = async (socket: Socket, payload: Record<string, unknown> = {}): Promise<void> => {
    if (socket.stage !== 'new') return socket.close('second init');
    socket.stage = 'initialising';
    const request = withCredentials(socket.request, payload);
    const admitted = await guard.admit(request, 1);
    if (hasEnded(socket)) return;
    if (!admitted.ok) return socket.close(farewellOf(admitted), admitted.errors[0]!.message);
    const { viewer, pass } = admitted;
    if (!connections.identify(socket, viewer, pass)) return socket.close('too many sockets');
    socket.request = request;
    socket.stage = 'ready';
    const until = pass && { tokenExpiresAt: new Date(pass.until).toISOString() };
    socket.send(plainMessage(MessageType.ConnectionAck, until));
  };

  const subscribe = async (socket: Socket, { id, payload }: SubscribeMessage): Promise<void> => {
    if (socket.stage !== 'ready') return socket.close('not initialised');
    if (socket.running.has(id)) return socket.close('id in use');
    // It will be asked for again, elsewhere.
    if (socket.isDeparting) return;
    const isFull = socket.running.size >= limits.maxOperations;
    const running = socket.start(id);
    const params = paramsOf(payload as unknown as Record<string, unknown>);
    if (isFull) return socket.fail(running, tooManyOperations(limits.maxOperations).errors);
    if (!params.ok) return socket.fail(running, params.errors);
    await run(socket, running, params);
  };

  const hear = async (socket: Socket, data: Buffer, isBinary: boolean): Promise<void> => {
    if (socket.stage === 'ending') return;
    if (!hearsMore(socket, limits)) return;
    const message = isBinary ? undefined : readMessage(data);
    switch (message?.type) {
      case MessageType.ConnectionInit:
        return initialise(socket, message.payload ?? undefined);
      case MessageType.Ping: {
        const authorization = message.payload?.[AUTHORIZATION];
        if (typeof authorization === 'string') return renew(socket, authorization);
        return socket.send(plainMessage(MessageType.Pong, message.payload ?? undefined));
      }
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return subscribe(socket, message);
      case MessageType.Complete: {
        const running = socket.running.get(message.id);
        // One that is over already crossed ours on its way.
        if (running) socket.forget(running);
        return;
      }
      default:
        return socket.close('bad message');
    }
  };
  return hear;
}

/** A token in the message goes before one that the client's headers had. */
function withCredentials(request: Socket['request'], payload: Record<string, unknown>): Socket['request'] {
  const headers = { ...request.headers };
  for (const name of [AUTHORIZATION, GUEST_TOKEN]) {
    const value = payload[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return { ...request, headers };
}

export function hasEnded({ stage }: Socket): boolean {
  return stage === 'ending';
}

function farewellOf({ code }: Refusal): Farewell {
  return code === 'UNAUTHENTICATED' || code === 'BAD_REQUEST' ? 'bad token' : 'try again later';
}

/** False when it was too much, and the socket ends. One window of a second: a burst that crosses two may be twice as large. */
export function hearsMore(socket: Socket, { maxMessagesPerSecond }: SocketOptions): boolean {
  const { messages } = socket;
  socket.heardAt = performance.now();
  const second = Math.floor(socket.heardAt / 1_000);
  if (messages.second !== second) Object.assign(messages, { second, count: 0 });
  messages.count++;
  if (messages.count <= maxMessagesPerSecond) return true;
  socket.close('too many messages');
  return false;
}
