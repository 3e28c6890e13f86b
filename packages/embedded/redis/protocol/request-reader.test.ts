import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ProtocolError, RequestReader } from './request-reader.ts';

const encode = (commands: readonly (readonly string[])[]) =>
  Buffer.from(
    commands
      .map((args) => `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`)
      .join(''),
    'latin1',
  );

function readAll(reader: RequestReader): string[][] {
  const commands: string[][] = [];
  for (let next = reader.next(); next; next = reader.next()) commands.push(next);
  return commands;
}

function readText(text: string): string[][] {
  const reader = new RequestReader();
  reader.push(Buffer.from(text, 'latin1'));
  return readAll(reader);
}

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1'));

describe('commands', () => {
  test('come out as they went in, however their bytes were cut', () => {
    const commands = fc.array(fc.array(bytes, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    const cuts = fc.array(fc.nat(400), { maxLength: 8 });
    fc.assert(
      fc.property(commands, cuts, (sent, places) => {
        const stream = encode(sent);
        const reader = new RequestReader();
        const received: string[][] = [];
        const ends = [
          ...places.filter((place) => place < stream.length).sort((a, b) => a - b),
          stream.length,
        ];
        let start = 0;
        for (const end of ends) {
          reader.push(stream.subarray(start, end));
          received.push(...readAll(reader));
          start = end;
        }
        expect(received).toEqual(sent);
        expect(reader.heldBytes).toBe(0);
      }),
    );
  });

  test('of one byte at a time, and of megabytes in small chunks', () => {
    const reader = new RequestReader();
    for (const byte of encode([['SET', 'k', 'v']])) reader.push(Buffer.from([byte]));
    expect(readAll(reader)).toEqual([['SET', 'k', 'v']]);

    const large = 'x'.repeat(5_000_000);
    const stream = encode([['SET', 'k', large], ['PING']]);
    for (let at = 0; at < stream.length; at += 1000) {
      reader.push(stream.subarray(at, at + 1000));
      if (at + 1000 < 5_000_000) expect(reader.next()).toBeUndefined();
    }
    expect(readAll(reader)).toEqual([['SET', 'k', large], ['PING']]);
  });

  test('that are empty are passed over', () => {
    expect(readText('*0\r\n*-1\r\n\r\n\r\n*1\r\n$4\r\nPING\r\n')).toEqual([['PING']]);
  });

  test('may be typed as a line, with quotes', () => {
    const line = `SET "a\\x00\\xff\\n\\r\\t\\b\\a\\"\\q" 'it\\'s \\n' plain ""\n`;
    expect(readText(line)).toEqual([['SET', 'a\0\xff\n\r\t\b\x07"q', "it's \\n", 'plain', '']]);
    expect(readText('  PING  \r\nPING a\n')).toEqual([['PING'], ['PING', 'a']]);
    expect(readText('ECHO a\xa0b\n\0PING\n')).toEqual([['ECHO', 'a\xa0b']]);
  });
});

describe('what breaks the protocol is named as Redis names it:', () => {
  const cases: [string, string][] = [
    ['*abc\r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*1\r\nPING\r\n', "expected '$', got 'P'"],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$abc\r\n', 'invalid bulk length'],
    ['*1\r\n$104857600\r\n', 'invalid bulk length'],
    [`*${'1'.repeat(70_000)}`, 'too big mbulk count string'],
    [`*1\r\n$${'1'.repeat(70_000)}`, 'too big bulk count string'],
    ['x'.repeat(70_000), 'too big inline request'],
    ['SET "a\r\n', 'unbalanced quotes in request'],
    ["SET 'a\r\n", 'unbalanced quotes in request'],
    ['SET "a"b\r\n', 'unbalanced quotes in request'],
    ['SET "a\\\r\n', 'unbalanced quotes in request'],
  ];
  for (const [text, message] of cases) {
    test(`${text.slice(0, 20)} ... ${message}`, () => {
      expect(() => readText(text)).toThrow(new ProtocolError(message));
    });
  }
});

test('announcing much costs nothing before it comes', () => {
  const reader = new RequestReader();
  reader.push(Buffer.from('*1000000000\r\n$67108864\r\nabc'));
  expect(reader.next()).toBeUndefined();
  expect(reader.heldBytes).toBeLessThan(100);
});
