/** Speaks the protocol by hand, for what no driver would do. */
import { connect, type Socket } from 'node:net';
import { frame, HEAD, int32 } from '../wire/messages.ts';

export interface Message {
  type: string;
  body: Buffer;
}

export interface RawClient {
  socket: Socket;
  send(...frames: Uint8Array[]): void;
  /** The next message. */
  next(): Promise<Message>;
  /** All messages up to and with the first of these types. */
  until(types: string): Promise<Message[]>;
  /** As until(), as one letter a message. */
  typesUntil(types: string): Promise<string>;
  /** Sends a simple query and gives its answer. */
  query(sql: string): Promise<Message[]>;
  closed: Promise<void>;
  /** From BackendKeyData. */
  pid: number;
  secret: number;
}

const CANCEL_REQUEST = 80877102;

export const startupPacket = (parameters: Record<string, string>, version = 196608): Buffer => {
  const body = Object.entries(parameters).flat();
  const texts = Buffer.from([...body, ''].map((text) => `${text}\0`).join(''));
  return Buffer.concat([int32(texts.length + 8), int32(version), texts]);
};

/** A socket that has not said anything yet. */
export async function openSocket(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  const received: Message[] = [];
  let waiting: (() => void) | undefined;
  let bytes = Buffer.alloc(0);
  let ended = false;
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      ended = true;
      waiting?.();
      resolve();
    });
  });
  // The test looks at what was received; a reset is one way of being closed.
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= HEAD) {
      const end = 1 + bytes.readInt32BE(1);
      if (bytes.length < end) break;
      received.push({ type: String.fromCharCode(bytes[0] as number), body: bytes.subarray(HEAD, end) });
      bytes = bytes.subarray(end);
    }
    waiting?.();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });

  const next = async (): Promise<Message> => {
    while (received.length === 0) {
      if (ended) throw new Error('the server closed the connection');
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    }
    return received.shift() as Message;
  };
  const until = async (types: string): Promise<Message[]> => {
    const messages: Message[] = [];
    for (;;) {
      const message = await next();
      messages.push(message);
      if (types.includes(message.type)) return messages;
    }
  };
  const client: RawClient = {
    socket,
    send: (...frames) => {
      socket.write(Buffer.concat(frames));
    },
    next,
    until,
    typesUntil: async (types) => (await until(types)).map(({ type }) => type).join(''),
    query: async (sql) => {
      client.send(frame('Q', sql));
      return until('Z');
    },
    closed,
    pid: 0,
    secret: 0,
  };
  return client;
}

export async function openClient(url: string, parameters: Record<string, string> = {}): Promise<RawClient> {
  const { port, username, pathname } = new URL(url);
  const client = await openSocket(Number(port));
  client.send(startupPacket({ user: username, database: pathname.slice(1), ...parameters }));
  for (const { type, body } of await client.until('ZE')) {
    if (type === 'E') throw Object.assign(new Error(errorFields(body).M), { code: errorFields(body).C });
    if (type !== 'K') continue;
    client.pid = body.readInt32BE(0);
    client.secret = body.readInt32BE(4);
  }
  return client;
}

/** Asks the server to stop what that client's connection does; done once the server has heard it. */
export async function requestCancel({ socket, pid, secret }: RawClient): Promise<void> {
  const messenger = await openSocket(socket.remotePort as number);
  messenger.send(Buffer.concat([int32(16), int32(CANCEL_REQUEST), int32(pid), int32(secret)]));
  await messenger.closed;
}

export const errorFields = (body: Buffer): Record<string, string> =>
  Object.fromEntries(
    body
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((field) => [field[0], field.slice(1)]),
  );

/** The error among an answer's messages. */
export function errorIn(messages: readonly Message[]): Record<string, string> {
  const error = messages.find(({ type }) => type === 'E');
  if (!error) throw new Error(`no error among ${messages.map(({ type }) => type).join('')}`);
  return errorFields(error.body);
}

/** The values of all rows, as text. */
export const rowsIn = (messages: readonly Message[]): (string | null)[][] =>
  messages.filter(({ type }) => type === 'D').map(({ body }) => valuesOf(body));

function valuesOf(body: Buffer): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 2;
  for (let i = 0; i < body.readInt16BE(0); i++) {
    const size = body.readInt32BE(at);
    at += 4;
    values.push(size < 0 ? null : body.toString('utf8', at, at + size));
    at += Math.max(0, size);
  }
  return values;
}

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

/** Frontend messages of the extended protocol; parameters and results are text. */
export const say = {
  query: (sql: string) => frame('Q', sql),
  parse: (name: string, sql: string) => frame('P', name, sql, int16(0)),
  bind: (statement: string, values: string[] = [], portal = '') =>
    frame(
      'B',
      portal,
      statement,
      int16(0),
      int16(values.length),
      ...values.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]),
      int16(0),
    ),
  describeStatement: (name: string) => frame('D', `S${name}`),
  describePortal: (name: string) => frame('D', `P${name}`),
  execute: (maxRows = 0, portal = '') => frame('E', portal, int32(maxRows)),
  closeStatement: (name: string) => frame('C', `S${name}`),
  sync: () => frame('S'),
  flush: () => frame('H'),
  copyData: (data: string | Buffer) => frame('d', Buffer.from(data as string)),
  copyDone: () => frame('c'),
  copyFail: (reason: string) => frame('f', reason),
  terminate: () => frame('X'),
};
