/** Messages of the PostgreSQL protocol as bytes: the few that the wire server itself sends, and frames in general. */

export interface ErrorFields {
  severity: 'ERROR' | 'FATAL' | 'WARNING';
  /** SQLSTATE, five characters. */
  code: string;
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
}

/** Length of a message's head: its type and the size of the rest, which counts itself. */
export const HEAD = 5;

export function frame(type: string, ...parts: (string | Uint8Array)[]): Buffer {
  const bodies = parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part));
  const size = bodies.reduce((sum, body) => sum + body.length, HEAD);
  const bytes = Buffer.alloc(size);
  bytes.write(type, 0, 'latin1');
  bytes.writeInt32BE(size - 1, 1);
  let at = HEAD;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export function errorMessage({ severity, code, message, detail, hint }: ErrorFields): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${message}`];
  if (detail) fields.push(`D${detail}`);
  if (hint) fields.push(`H${hint}`);
  return frame(severity === 'WARNING' ? 'N' : 'E', ...fields, Buffer.alloc(1));
}

export const readyForQuery = (status: 'I' | 'T' | 'E') => frame('Z', Buffer.from(status));

export const parameterStatus = (name: string, value: string) => frame('S', name, value);

export const authenticationOk = () => frame('R', int32(0));

export const backendKeyData = (pid: number, secret: number) => frame('K', int32(pid), int32(secret));

export const sync = () => frame('S');

export const query = (sql: string) => frame('Q', sql);

export const copyFail = (reason: string) => frame('f', reason);

export const closeStatement = (name: string) => frame('C', `S${name}`);

/** Walks over whole messages; `end` is where the next one begins. */
export function* messagesIn(bytes: Buffer): Generator<{ type: string; start: number; end: number }> {
  let start = 0;
  while (start + HEAD <= bytes.length) {
    const end = start + 1 + bytes.readInt32BE(start + 1);
    yield { type: String.fromCharCode(bytes[start] as number), start, end };
    start = end;
  }
}

/** For clients that ask for a later protocol or for options of it that are not known here. */
export const protocolVersion = (minor: number, unknownOptions: readonly string[]) =>
  frame('v', int32(minor), int32(unknownOptions.length), ...unknownOptions);

/**
 * One piece of memory of just the right size. What is posted to another thread is copied with all of the memory that it
 * lies in, and Buffer.concat puts small ones into a shared piece of 8 KB.
 */
export function joinExactly(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The first column of an answer in text; NULLs are left out. */
export function firstColumn(answer: Buffer): string[] {
  const values: string[] = [];
  for (const { type, start } of messagesIn(answer)) {
    if (type !== 'D') continue;
    const at = start + HEAD + 2;
    const size = answer.readInt32BE(at);
    if (size >= 0) values.push(answer.toString('utf8', at + 4, at + 4 + size));
  }
  return values;
}
