/** Answers are cut out of the stream the same way wherever it breaks, and what is ambiguous is refused. */
import { describe, expect, test } from '@jest/globals';
import { MalformedReply } from './reply-head.ts';
import { createReplyReader, MAX_HEAD_BYTES } from './reply-reader.ts';

interface Told {
  status: number;
  body: string;
  isWhole: boolean;
  staysOpen: boolean;
}

/** As many requests are under way as answers are expected. */
function readerOf(expected: number) {
  const told: Told[] = [];
  const reader = createReplyReader({
    isAwaited: () => told.filter(({ isWhole }) => isWhole).length < expected,
    head: ({ status, staysOpen }) => told.push({ status, body: '', isWhole: false, staysOpen }),
    body: (piece) => {
      told.at(-1)!.body += piece.toString('latin1');
    },
    end: () => {
      told.at(-1)!.isWhole = true;
    },
  });
  return { reader, told };
}

function readAll(pieces: readonly Buffer[], expected: number): Told[] {
  const { reader, told } = readerOf(expected);
  for (const piece of pieces) reader.read(piece);
  return told;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const STREAM = Buffer.from(
  [
    `${OK}content-length: 5\r\n\r\nhello`,
    'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
    `${OK}Transfer-Encoding: Chunked\r\n\r\n4;name="v"\r\nab\r\n\r\nB\r\nelevenbytes\r\n0\r\nx-sum: 1\r\n\r\n`,
    'HTTP/1.1 204\r\ncontent-length: 3\r\n\r\n',
    `${OK}CONTENT-LENGTH:\t0 \r\nconnection: Keep-Alive\r\n\r\n`,
    'HTTP/1.1 500 Internal Server Error\r\nConnection: x, Close\r\ncontent-length: 4\r\n\r\noops',
  ].join(''),
  'latin1',
);
const ANSWERS = [
  { status: 200, body: 'hello', isWhole: true, staysOpen: true },
  { status: 200, body: 'ab\r\nelevenbytes', isWhole: true, staysOpen: true },
  { status: 204, body: '', isWhole: true, staysOpen: true },
  { status: 200, body: '', isWhole: true, staysOpen: true },
  { status: 500, body: 'oops', isWhole: true, staysOpen: false },
];

describe('answers one after the other', () => {
  test('are the same wherever the stream breaks in two', () => {
    for (let at = 0; at <= STREAM.length; at++) {
      const told = readAll([STREAM.subarray(0, at), STREAM.subarray(at)], ANSWERS.length);
      expect({ at, told }).toEqual({ at, told: ANSWERS });
    }
  });

  test.each([1, 2, 3, 7])('are the same in pieces of %d bytes', (size) => {
    const pieces = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, at) =>
      STREAM.subarray(at * size, (at + 1) * size),
    );
    expect(readAll(pieces, ANSWERS.length)).toEqual(ANSWERS);
  });

  test('are not whole before their last byte', () => {
    for (const text of [
      `${OK}content-length: 1\r\n\r\nx`,
      `${OK}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ]) {
      const { reader, told } = readerOf(1);
      reader.read(Buffer.from(text.slice(0, -1)));
      expect([told[0]!.isWhole, reader.hasBegun()]).toEqual([false, true]);
      expect(() => reader.finish()).toThrow('broke off');
      reader.read(Buffer.from(text.slice(-1)));
      expect([told[0]!.isWhole, reader.hasBegun()]).toEqual([true, false]);
      expect(() => reader.finish()).not.toThrow();
    }
  });
});

test('a body without a length ends with the connection', () => {
  const { reader, told } = readerOf(1);
  reader.read(Buffer.from(`${OK}\r\nall of `));
  reader.read(Buffer.from('it'));
  expect(told[0]).toMatchObject({ isWhole: false, staysOpen: false });
  reader.finish();
  expect(told[0]).toMatchObject({ body: 'all of it', isWhole: true });
});

test('nothing is read once it has been stopped, not even of the bytes at hand', () => {
  const seen: number[] = [];
  const reader = createReplyReader({
    isAwaited: () => true,
    head: ({ status }) => seen.push(status),
    body: () => {},
    end: () => reader.stop(),
  });
  reader.read(STREAM);
  expect(seen).toEqual([200]);
});

const long = 'x'.repeat(MAX_HEAD_BYTES);
describe('refused is', () => {
  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a blank before the status line', ` ${OK}\r\n`],
    ['an empty line before the status line', `\r\n${OK}content-length: 0\r\n\r\n`],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
    ['a length and chunks', `${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['chunks and a length', `${OK}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n`],
    ['two lengths that differ', `${OK}content-length: 5\r\ncontent-length: 6\r\n\r\n`],
    ['a list of lengths', `${OK}content-length: 5, 5\r\n\r\n`],
    ['a negative length', `${OK}content-length: -5\r\n\r\n`],
    ['a length with a sign', `${OK}content-length: +5\r\n\r\n`],
    ['a hexadecimal length', `${OK}content-length: 0x5\r\n\r\n`],
    ['an empty length', `${OK}content-length:\r\n\r\n`],
    ['a length beyond all measure', `${OK}content-length: 99999999999999999999\r\n\r\n`],
    ['another encoding', `${OK}transfer-encoding: gzip, chunked\r\n\r\n`],
    ['chunks twice', `${OK}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['an obscured encoding', `${OK}transfer-encoding: xchunked\r\n\r\n`],
    ['a line that goes on with the next', `${OK}x: a\r\n content-length: 5\r\n\r\n`],
    ['a blank before the colon', `${OK}content-length : 5\r\n\r\n`],
    ['a header without a colon', `${OK}content-length\r\n\r\n`],
    ['a header without a name', `${OK}: 5\r\n\r\n`],
    ['a line feed alone', `${OK}x: a\ncontent-length: 5\r\n\r\n`],
    ['a carriage return alone', `${OK}x: a\rcontent-length: 5\r\n\r\n`],
    ['a NUL', `${OK}x: \0\r\n\r\n`],
    ['a chunk without a size', `${OK}transfer-encoding: chunked\r\n\r\n\r\n`],
    ['a chunk with a sign', `${OK}transfer-encoding: chunked\r\n\r\n-1\r\n`],
    ['a chunk with 0x', `${OK}transfer-encoding: chunked\r\n\r\n0x1\r\n`],
    ['a chunk of a size beyond all measure', `${OK}transfer-encoding: chunked\r\n\r\nfffffffff\r\n`],
    ['a chunk size that ends without CR', `${OK}transfer-encoding: chunked\r\n\r\n1\nx\r\n`],
    ['a chunk that is longer than it says', `${OK}transfer-encoding: chunked\r\n\r\n1\r\nxy\r\n`],
    ['a chunk extension without end', `${OK}transfer-encoding: chunked\r\n\r\n1;${long}`],
    ['a trailer that is none', `${OK}transfer-encoding: chunked\r\n\r\n0\r\n x\r\n\r\n`],
    ['headers without end', `${OK}x: ${long}`],
    ['headers that are too large', `${OK}x: ${long}\r\n\r\n`],
    ['interim answers without end', `HTTP/1.1 100 Continue\r\nx: ${'y'.repeat(1_000)}\r\n\r\n`.repeat(20)],
    [
      'trailers without end',
      `${OK}transfer-encoding: chunked\r\n\r\n0\r\n${`x: ${'y'.repeat(200)}\r\n`.repeat(99)}`,
    ],
    ['more than was asked for', `${OK}content-length: 0\r\n\r\nHTTP`],
  ])('%s', (_, text) => {
    const bytes = Buffer.from(text, 'latin1');
    const { reader } = readerOf(1);
    expect(() => reader.read(bytes)).toThrow(MalformedReply);
    // The same when it comes byte by byte.
    const dripped = readerOf(1);
    expect(() => {
      for (const byte of bytes) dripped.reader.read(Buffer.from([byte]));
    }).toThrow(MalformedReply);
  });
});
