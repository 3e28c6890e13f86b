import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvFields } from './import-csv.ts';
import { createLineSplitter, type Position, type RawLine } from './import-lines.ts';

const START: Position = { byte: 0, line: 1 };

function linesOf(
  file: Buffer,
  cuts: readonly number[],
  isQuoted = false,
  start = START,
  maxBytes?: number,
): RawLine[] {
  const splitter = createLineSplitter(start, isQuoted, maxBytes);
  const places = [0, ...cuts.map((cut) => cut % (file.length + 1)).sort((a, b) => a - b), file.length];
  const pieces = places.slice(1).map((end, index) => file.subarray(places[index], end));
  return [...pieces.flatMap((piece) => [...splitter.push(piece)]), ...splitter.end()];
}

describe('lines of a file', () => {
  const text = fc
    .array(fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' '), { maxLength: 60 })
    .map((parts) => parts.join(''));
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });

  test('are the same wherever the pieces are cut', () => {
    fc.assert(
      fc.property(text, cuts, fc.boolean(), (file, at, isQuoted) => {
        const bytes = Buffer.from(file);
        expect(linesOf(bytes, at, isQuoted)).toEqual(linesOf(bytes, [], isQuoted));
      }),
    );
  });

  test('go on from any of them as if nothing had happened', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (file, isQuoted) => {
        const bytes = Buffer.from(file);
        const all = linesOf(bytes, [], isQuoted);
        for (const [index, { next }] of all.entries()) {
          expect(linesOf(bytes.subarray(next.byte), [], isQuoted, next)).toEqual(all.slice(index + 1));
        }
      }),
    );
  });

  test('hold every byte but the line breaks', () => {
    fc.assert(
      fc.property(text, cuts, (file, at) => {
        const expected = file.split('\n').map((line) => line.replace(/\r$/, ''));
        if (expected.at(-1) === '' && !file.endsWith('\r')) expected.pop();
        expect(linesOf(Buffer.from(file), at).map(({ bytes }) => bytes!.toString())).toEqual(expected);
      }),
    );
  });

  test('that are too long are passed over, and those behind them are read', () => {
    const file = Buffer.from(`ab\n${'x'.repeat(50)}\ncd`);
    expect(
      linesOf(file, [10, 20], false, START, 10).map(({ line, bytes }) => [line, bytes?.toString()]),
    ).toEqual([
      [1, 'ab'],
      [2, undefined],
      [3, 'cd'],
    ]);
  });

  test('have the number of the line they begin on, also behind quoted line breaks', () => {
    const lines = linesOf(Buffer.from('a,"x\ny\nz"\nb,c\n'), [], true);
    expect(lines.map(({ line }) => line)).toEqual([1, 4]);
  });
});

describe('fields of CSV', () => {
  test('come back as they were written', () => {
    const field = fc
      .array(fc.constantFrom('a', 'ü', '"', ',', '\n', ' '), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (fields) => {
        const line = fields
          .map((text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
          .join(',');
        expect(csvFields(Buffer.from(line))).toEqual(fields);
      }),
    );
  });

  test('with quotation marks out of place are none', () => {
    for (const line of ['"a', 'a"b', '"a"b', '"a""', 'x,"'])
      expect(csvFields(Buffer.from(line))).toBeUndefined();
    expect(csvFields(Buffer.from(`"${'a""'.repeat(300_000)}"`))).toHaveLength(1);
  });
});
