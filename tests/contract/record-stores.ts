/** Writes down what rooms send to PostgreSQL and MongoDB, so that it can be explained afterwards. */
import { MongoClient } from 'mongodb';
import { Client } from 'pg';

export interface SqlStatement {
  text: string;
  values: unknown[];
}

export interface MongoCommand {
  database: string;
  command: Record<string, unknown>;
}

export interface StoreRecord {
  sql: SqlStatement[];
  mongodb: MongoCommand[];
  /** Nothing is written down before. */
  begin(): void;
  stop(): void;
}

/** Before any room connects: both drivers are listened to at their prototypes. */
export function recordStores(): StoreRecord {
  const record: StoreRecord = { sql: [], mongodb: [], begin: () => {}, stop: () => {} };
  let isOn = false;
  const heard = new WeakSet<MongoClient>();
  const { db } = MongoClient.prototype;
  const { query } = Client.prototype;

  MongoClient.prototype.db = function listened(this: MongoClient, ...args) {
    if (!heard.has(this)) {
      heard.add(this);
      // Not connected yet: kit leaves it off.
      Object.assign(this, { monitorCommands: true });
      this.on('commandStarted', ({ databaseName: database, command }) => {
        if (isOn) record.mongodb.push({ database, command: { ...command } });
      });
    }
    return db.apply(this, args);
  };
  Client.prototype.query = function listened(this: Client, ...args: unknown[]) {
    const [first, second] = args as [string | { text?: string; values?: unknown[] }, unknown];
    const text = typeof first === 'string' ? first : first.text;
    const values =
      (Array.isArray(second) ? second : undefined) ?? (typeof first === 'string' ? [] : first.values);
    if (isOn && text !== undefined) record.sql.push({ text, values: values ?? [] });
    return Reflect.apply(query, this, args);
  } as typeof query;

  record.begin = () => {
    isOn = true;
  };
  record.stop = () => {
    isOn = false;
    MongoClient.prototype.db = db;
    Client.prototype.query = query;
  };
  return record;
}
