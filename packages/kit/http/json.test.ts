import { describe, expect, test } from '@jest/globals';
import { parseJson } from './json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

describe('JSON from strangers', () => {
  test('comes out as it was sent', () => {
    expect(parse('{"query":"{ a }","variables":{"ä":[1,null,{"b":true}]}}')).toEqual({
      ok: true,
      value: { query: '{ a }', variables: { ä: [1, null, { b: true }] } },
    });
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'UTF-8'],
    ['half a document', Buffer.from('{"a":'), 'not valid JSON'],
    ['a key that reaches prototypes', Buffer.from('{"a":[{"__proto__":{"b":1}}]}'), '__proto__'],
  ])('%s is refused', (_, body, words) => {
    const parsed = parseJson(body);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.message).toContain(words);
  });

  test('the place of a fault is told, what stands there is not', () => {
    const parsed = parse('{"password": "hunter2" x}');
    expect(!parsed.ok && parsed.message).toMatch(/at position \d+$/);
  });

  test.each([
    ['arrays', '['.repeat(65) + ']'.repeat(65)],
    ['objects', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['a megabyte of arrays', '['.repeat(500_000) + ']'.repeat(500_000)],
  ])('%s nested too deeply are refused', (_, text) => {
    expect(parse(text)).toEqual({ ok: false, message: 'The JSON is nested too deeply' });
  });

  test('sane depth is fine', () => {
    expect(parse('['.repeat(64) + ']'.repeat(64)).ok).toBe(true);
  });
});
