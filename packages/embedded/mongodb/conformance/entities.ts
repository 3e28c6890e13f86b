/** What the operations of a test work on: clients, databases, collections, sessions and cursors, by name. */
import {
  type ClientSession,
  type Collection,
  type CommandFailedEvent,
  type CommandStartedEvent,
  type CommandSucceededEvent,
  type Db,
  MongoClient,
  type RunCommandCursor,
} from 'mongodb';
import type { EntityDefinition } from './suite.ts';

export type CommandEvent = CommandStartedEvent | CommandSucceededEvent | CommandFailedEvent;

export interface ClientEntity {
  client: MongoClient;
  started: CommandStartedEvent[];
  /** Those that the test wants to compare. */
  observed: { name: string; event: CommandEvent }[];
}

const EVENTS = {
  commandStartedEvent: 'commandStarted',
  commandSucceededEvent: 'commandSucceeded',
  commandFailedEvent: 'commandFailed',
} as const;

export class Entities {
  readonly clients = new Map<string, ClientEntity>();
  readonly databases = new Map<string, Db>();
  readonly collections = new Map<string, Collection>();
  readonly sessions = new Map<string, ClientSession>();
  /** Ids by session, still known when the session has ended. */
  readonly sessionIds = new Map<string, unknown>();
  readonly cursors = new Map<string, RunCommandCursor>();
  private readonly url: string;

  constructor(url: string, definitions: readonly EntityDefinition[]) {
    this.url = url;
    for (const definition of definitions) this.create(definition);
  }

  async close(): Promise<void> {
    for (const cursor of this.cursors.values()) await cursor.close();
    for (const session of this.sessions.values()) await session.endSession();
    for (const { client } of this.clients.values()) await client.close();
  }

  private create(definition: EntityDefinition): void {
    const [kind, options] = Object.entries(definition)[0]!;
    const id = String(options.id);
    switch (kind) {
      case 'client':
        this.clients.set(id, this.createClient(options));
        break;
      case 'database':
        this.databases.set(
          id,
          this.clients.get(String(options.client))!.client.db(String(options.databaseName)),
        );
        break;
      case 'collection': {
        const database = this.databases.get(String(options.database))!;
        this.collections.set(
          id,
          database.collection(String(options.collectionName), options.collectionOptions ?? {}),
        );
        break;
      }
      case 'session': {
        const session = this.clients.get(String(options.client))!.client.startSession();
        this.sessions.set(id, session);
        this.sessionIds.set(id, session.id);
        break;
      }
      default:
        throw new Error(`entities of kind '${kind}' are not known`);
    }
  }

  private createClient(options: Record<string, unknown>): ClientEntity {
    const client = new MongoClient(this.url, { monitorCommands: true, ...(options.uriOptions as object) });
    const entity: ClientEntity = { client, started: [], observed: [] };
    client.on('commandStarted', (event) => entity.started.push(event));
    const wanted = (options.observeEvents as string[] | undefined) ?? [];
    for (const [name, driverName] of Object.entries(EVENTS)) {
      if (!wanted.includes(name)) continue;
      client.on(driverName as 'commandStarted', (event: CommandEvent) =>
        entity.observed.push({ name, event }),
      );
    }
    return entity;
  }
}
