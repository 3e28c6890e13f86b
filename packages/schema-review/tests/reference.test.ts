import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CODES } from '../codes.ts';
import { codesMarkdown } from '../codes-markdown.ts';
import { reportJsonSchema } from '../outputs/json-shape.ts';

const docs = (name: string) => readFileSync(join(__dirname, '../../../docs', name), 'utf8');

describe('the documents made from the table', () => {
  test('are as it makes them; if not, run `npm run generate:review`', () => {
    expect(docs('schema-review-codes.md')).toBe(codesMarkdown());
    expect(JSON.parse(docs('schema-review.schema.json'))).toEqual(reportJsonSchema());
  });
});

describe('the table', () => {
  test.each(Object.entries(CODES))('%s has a title and is explained', (name, code) => {
    expect(name).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    expect(code.title).toMatch(/^\S.*\S$/);
    expect(code.explain.trim().length).toBeGreaterThan(15);
  });

  test('every house rule is explained in three lines', () => {
    for (const [name, { area, explain }] of Object.entries(CODES)) {
      if (area === 'rule') expect([name, explain.trim().split('\n').length]).toEqual([name, 3]);
    }
  });
});
