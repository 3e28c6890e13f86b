import { expect, test } from '@jest/globals';
import { createAttributeBook } from './attribute-book.ts';
import type { AttributeDocument } from './attribute-document.ts';

const attribute = (version: number, label: string) =>
  ({ _id: 'material', kind: 'TEXT', version, label }) as unknown as AttributeDocument;

/** What a renewal reads; the store's own query is tested with the others. */
function bookOver(stored: AttributeDocument[]) {
  const cursor = { sort: () => cursor, limit: () => cursor, toArray: async () => stored };
  return createAttributeBook({ attributes: { find: () => cursor } } as never);
}

test('knows what was remembered, and with a renewal what other processes wrote', async () => {
  const book = bookOver([attribute(3, 'by another')]);
  expect(book.find('material')).toBeUndefined();
  book.remember(attribute(2, 'by us'));
  expect(book.find('material')?.label).toBe('by us');
  await book.renew();
  expect(book.find('material')?.label).toBe('by another');
});

test('does not go back to what a renewal read before our own edit', async () => {
  const book = bookOver([attribute(1, 'read a moment ago')]);
  book.remember(attribute(2, 'edited since'));
  await book.renew();
  expect(book.find('material')?.label).toBe('edited since');
});
