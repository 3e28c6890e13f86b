/**
 * The smallest PostgreSQL client: one connection, simple queries. postgres.js throws from a callback of its own when the
 * server is killed while it writes, where no test can catch it.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface SimpleClient {
  /** The first column of each row. Rejects on an error and when the server is gone. */
  query(sql: string): Promise<string[]>;
  close(): void;
}

const PROTOCOL_3 = 196_608;

export async function openSimpleClient(url: string): Promise<SimpleClient> {
  const { hostname, port, username, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}); // 'close' follows, and ends the query under way
  const messages = readMessages(socket);
  await once(socket, 'connect');
  const parameters = Buffer.from(`user\0${username}\0database\0${pathname.slice(1)}\0\0`);
  const startup = Buffer.alloc(8);
  startup.writeInt32BE(8 + parameters.length, 0);
  startup.writeInt32BE(PROTOCOL_3, 4);
  socket.write(Buffer.concat([startup, parameters]));
  await untilReady(messages);
  return {
    query: (sql) => {
      const text = Buffer.from(`${sql}\0`);
      const header = Buffer.from('Q\0\0\0\0');
      header.writeInt32BE(4 + text.length, 1);
      socket.write(Buffer.concat([header, text]));
      return untilReady(messages);
    },
    close: () => socket.destroy(),
  };
}

interface Message {
  type: string;
  body: Buffer;
}

async function* readMessages(socket: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 5 && bytes.length > bytes.readInt32BE(1)) {
      const end = 1 + bytes.readInt32BE(1);
      yield { type: String.fromCharCode(bytes[0]!), body: bytes.subarray(5, end) };
      bytes = bytes.subarray(end);
    }
  }
}

async function untilReady(messages: AsyncGenerator<Message>): Promise<string[]> {
  const rows: string[] = [];
  let failure: Error | undefined;
  for (;;) {
    const next = await messages.next();
    if (next.done) throw new Error('the server is gone');
    const { type, body } = next.value;
    if (type === 'D') rows.push(body.toString('utf8', 6, 6 + body.readInt32BE(2)));
    if (type === 'E') failure = new Error(body.toString('utf8').replaceAll('\0', ' '));
    if (type !== 'Z') continue;
    if (failure) throw failure;
    return rows;
  }
}
