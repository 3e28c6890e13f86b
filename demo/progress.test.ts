import { expect, test } from '@jest/globals';
import { createProgress } from './progress.ts';

function paper(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test('A terminal shows a bar that grows, and is left clean', () => {
  const output = paper(true);
  let now = 0;
  const progress = createProgress(output, () => now);
  progress.tell('products', 300, 600);
  now = 10;
  progress.tell('products', 301, 600);
  progress.tell('products', 600, 600);
  progress.end();
  expect(output.written).toEqual([
    `\r\u001b[2K${'█'.repeat(15)}${'░'.repeat(15)} 300 of 600 products`,
    `\r\u001b[2K${'█'.repeat(30)} 600 of 600 products`,
    '\r\u001b[2K',
  ]);
});

test('A log gets one line for each part that is done', () => {
  const output = paper(false);
  const progress = createProgress(output);
  progress.tell('reviews', 500, 3_000);
  progress.tell('reviews', 3_000, 3_000);
  progress.end();
  expect(output.written).toEqual(['  3,000 reviews\n']);
});
