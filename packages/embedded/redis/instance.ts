/** One running server: its data, its clients, and what connects them. */
import { randomBytes } from 'node:crypto';
import type { Client } from './client.ts';
import { Journal } from './journal.ts';
import { Keyspace } from './keyspace/keyspace.ts';
import { createSweeper, type Sweeper } from './keyspace/sweeper.ts';
import { publishEvent } from './keyspace-events.ts';
import { type BufferBudget, createBufferBudget, tooSlow } from './limits.ts';
import { PubSub } from './pubsub.ts';
import type { Settings } from './settings.ts';
import { Turn } from './turn.ts';
import { type Wait, WaitingRoom } from './waiting.ts';
import { Watches } from './watches.ts';

export interface Statistics {
  commands: number;
  connections: number;
  refusedConnections: number;
  errors: number;
}

export interface Instance {
  readonly keyspace: Keyspace;
  readonly clients: Map<number, Client>;
  readonly pubsub: PubSub;
  readonly watches: Watches;
  readonly waiting: WaitingRoom;
  readonly turn: Turn;
  readonly journal: Journal;
  readonly budget: BufferBudget;
  readonly sweeper: Sweeper;
  readonly settings: Settings;
  readonly statistics: Statistics;
  readonly runId: string;
  readonly startedAt: number;
  readonly warn: (message: string) => void;
}

export interface InstanceHooks {
  /** Tries again what a client waits for; whether that came to an end. */
  serve(wait: Wait): boolean;
  /** Runs the commands that a client had waiting. */
  resume(client: Client): void;
  flushed(client: Client): void;
}

const KEYS_EXPIRED_AT_ONCE = 1000;

export function createInstance(dir: string, warn: (message: string) => void, hooks: InstanceHooks): Instance {
  const keyspace = new Keyspace();
  const journal = new Journal(warn);
  const clients = new Map<number, Client>();
  const settings: Settings = { eventFlags: new Set(), port: 0, dir };
  const turn = new Turn({
    commit: () => {
      const fault = journal.commit();
      return fault && `-${fault}\r\n`;
    },
    resume: (client) => hooks.resume(client),
    flushed: (client) => hooks.flushed(client),
  });
  const cutOff = (client: Client, reason: string) => {
    warn(`Redis client ${client.id} (${client.name || client.address}) was cut off: ${reason}`);
    client.kill();
  };
  const pubsub = new PubSub((client, encoded) => {
    client.send(encoded);
    const reason = tooSlow(client, keyspace.now);
    if (reason !== undefined) cutOff(client, reason);
    turn.speaks(client);
  });
  const watches = new Watches();
  const waiting = new WaitingRoom({
    serve: (wait) => hooks.serve(wait),
    ended: (client, reply) => {
      client.reply(reply);
      turn.speaks(client);
      turn.resume(client);
    },
  });
  const sweeper = createSweeper(keyspace, () => {
    keyspace.now = Date.now();
    const more = keyspace.expireDue(KEYS_EXPIRED_AT_ONCE);
    waiting.serveReady();
    turn.schedule();
    return more;
  });
  return {
    keyspace,
    clients,
    pubsub,
    watches,
    waiting,
    turn,
    journal,
    budget: createBufferBudget(clients, cutOff),
    sweeper,
    settings,
    statistics: { commands: 0, connections: 0, refusedConnections: 0, errors: 0 },
    runId: randomBytes(20).toString('hex'),
    startedAt: Date.now(),
    warn,
  };
}

/** From now on every change of a key is recorded, published and told to those who wait for it. */
export function listenToKeyspace(instance: Instance): void {
  const { keyspace, pubsub, watches, waiting, journal, settings, sweeper } = instance;
  const publish = (channel: string, message: string) => {
    pubsub.publish(channel, message);
  };
  keyspace.listener = {
    touched: (database, key) => {
      watches.touched(database, key);
      waiting.touched(database, key);
    },
    event: (eventClass, event, database, key) => {
      if (settings.eventFlags.size > 0) {
        publishEvent(settings.eventFlags, eventClass, event, database, key, publish);
      }
    },
    expired: (database, key) => journal.recordExpiry(database, key),
    expiresNext: (at) => sweeper.expectAt(at),
  };
}
