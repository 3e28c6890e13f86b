/** Reads a subgraph's answer: scanned where it is what was expected, parsed and checked where it is not. */

import type { Reply } from '../ask-subgraph.ts';
import type { AnswerError } from '../executor.ts';
import { fromWire } from '../wire-text.ts';
import { Scanner, STRANGE, scannable } from './scan.ts';

export interface Read<Data> {
  /** Nothing when there was none that could be merged. */
  data: Data | undefined;
  errors: readonly AnswerError[];
  isSound: boolean;
}

/** How the data of one fetch is read. */
export interface DataReader<Data> {
  /** At the brace of `data`; ends behind it. */
  scan(scanner: Scanner): Data;
  parse(data: Record<string, unknown>): { data: Data; isSound: boolean };
}

interface Envelope<Data> {
  data: Data | undefined;
  errors: unknown[];
}

export function readReply<Data>(reply: Reply, reader: DataReader<Data>): Read<Data> {
  const envelope = scanned(reply.body, reader);
  if (envelope) {
    const { data, errors } = envelope;
    return { data, errors: reply.finish(errors), isSound: true };
  }
  const answer = reply.parse();
  const errors = answer.errors ?? [];
  if (!answer.data) return { data: undefined, errors, isSound: true };
  return { ...reader.parse(answer.data), errors };
}

/** Nothing when it must be parsed. */
function scanned<Data>(body: Buffer, reader: DataReader<Data>): Envelope<Data> | undefined {
  const text = scannable(body);
  if (text === undefined) return undefined;
  try {
    return envelopeOf(new Scanner(text), reader);
  } catch (error) {
    if (error === STRANGE) return undefined;
    throw error;
  }
}

const [COMMA, OPEN, CLOSE, LETTER_N] = [44, 123, 125, 110];

function envelopeOf<Data>(scanner: Scanner, reader: DataReader<Data>): Envelope<Data> {
  const { text } = scanner;
  const seen = new Set<string>();
  const envelope: Envelope<Data> = { data: undefined, errors: [] };
  if (text.charCodeAt(scanner.at++) !== OPEN) throw STRANGE;
  for (;;) {
    const key = scanner.key();
    if (seen.has(key)) throw STRANGE;
    seen.add(key);
    if (key === 'data' && text.charCodeAt(scanner.at) === OPEN) {
      envelope.data = reader.scan(scanner);
    } else {
      const start = scanner.at;
      scanner.skip();
      if (key === 'data' && text.charCodeAt(start) !== LETTER_N) throw STRANGE;
      if (key === 'errors') envelope.errors = listOf(text.slice(start, scanner.at));
    }
    const code = text.charCodeAt(scanner.at++);
    if (code === CLOSE) break;
    if (code !== COMMA) throw STRANGE;
  }
  if (scanner.at !== text.length) throw STRANGE;
  if (envelope.data === undefined && envelope.errors.length === 0) throw STRANGE;
  return envelope;
}

function listOf(text: string): unknown[] {
  const value: unknown = JSON.parse(fromWire(text));
  if (value === null) return [];
  if (!Array.isArray(value)) throw STRANGE;
  return value;
}
