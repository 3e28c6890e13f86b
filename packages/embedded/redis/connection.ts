/** A socket's life: its bytes become commands, and it is cut off when it breaks the protocol or the limits. */
import type { Socket } from 'node:net';
import { Client } from './client.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Instance } from './instance.ts';
import { QUERY_BUFFER_LIMIT, THROTTLE_ABOVE } from './limits.ts';
import { error } from './protocol/reply.ts';
import { ProtocolError } from './protocol/request-reader.ts';

export interface Connections {
  accept(socket: Socket): void;
  resume(client: Client): void;
  flushed(client: Client): void;
}

export function createConnections(instance: Instance, dispatcher: Dispatcher): Connections {
  const { clients, turn, budget, statistics } = instance;
  let lastId = 0;

  function accept(socket: Socket): void {
    const client = new Client(++lastId, socket, Date.now());
    clients.set(client.id, client);
    statistics.connections++;
    socket.on('data', (chunk: Buffer) => {
      client.reader.push(chunk);
      runGuarded(client);
    });
    // A client may send its last commands and close in one go: it is answered before its side is seen as closed.
    socket.prependListener('end', () => turn.end());
    socket.on('close', () => forget(client));
  }

  function forget(client: Client): void {
    client.closed = true;
    clients.delete(client.id);
    instance.pubsub.unsubscribeAll(client);
    instance.waiting.leave(client);
    instance.watches.unwatchAll(client);
    budget.account(client);
  }

  /** A fault of this server must not end the process that all clients hang on. */
  function runGuarded(client: Client): void {
    try {
      runCommands(client);
    } catch (fault) {
      instance.warn(`Redis client ${client.id} was cut off by an internal error: ${(fault as Error).stack}`);
      client.kill();
    }
  }

  function runCommands(client: Client): void {
    while (mayRun(client)) {
      const args = readCommand(client);
      if (!args) break;
      dispatcher.dispatch(client, args);
    }
    if (client.reader.heldBytes > QUERY_BUFFER_LIMIT) {
      instance.warn(`Redis client ${client.id} was cut off: its query buffer is over 128mb`);
      client.kill();
    }
    budget.account(client);
    turn.speaks(client);
  }

  function mayRun(client: Client): boolean {
    if (client.blocked || client.closing || client.closed) return false;
    if (client.outputBytes <= THROTTLE_ABOVE) return true;
    client.throttled = true;
    client.socket?.pause();
    return false;
  }

  function readCommand(client: Client): string[] | undefined {
    try {
      return client.reader.next();
    } catch (fault) {
      // After broken bytes there is no telling where the next command starts: tell, and close.
      if (!(fault instanceof ProtocolError)) throw fault;
      statistics.errors++;
      client.replyMode = 'on';
      client.reply(error(`ERR Protocol error: ${fault.message}`));
      client.closing = true;
      return undefined;
    }
  }

  function resume(client: Client): void {
    if (client.closed) return;
    if (client.throttled) {
      client.throttled = false;
      client.socket?.resume();
    }
    runGuarded(client);
  }

  function flushed(client: Client): void {
    budget.account(client);
    const { socket } = client;
    if (!client.throttled || client.closed || !socket || socket.listenerCount('drain') > 0) return;
    if (client.outputBytes <= THROTTLE_ABOVE) turn.resume(client);
    else socket.once('drain', () => turn.resume(client));
  }

  return { accept, resume, flushed };
}
