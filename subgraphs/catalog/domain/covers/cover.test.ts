import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawCover } from './cover.ts';

const subject = { title: 'Pierced brass table lamp', category: 'lamps', origin: 'Fez' };

describe('covers', () => {
  test('are the same for the same product and differ between products', () => {
    expect(drawCover(subject)).toBe(drawCover({ ...subject }));
    const drawn = new Set(
      Array.from({ length: 50 }, (_, n) =>
        drawCover({ ...subject, title: `Lamp ${n}` }).replace(/<title>.*<\/title>/, ''),
      ),
    );
    expect(drawn.size).toBeGreaterThan(30);
  });

  test('stay small and hold nothing that runs or loads, whatever the title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ maxLength: 40 }),
        (title, origin) => {
          const svg = drawCover({ title, category: origin, origin });
          const drawing = svg.replace(/<title>[^<]*<\/title>/, '');
          expect(svg.length).toBeLessThan(8_000);
          expect(drawing).not.toMatch(
            /<script|<style|<foreignObject|<image|<use|\bon\w+=|href|javascript:|@import/i,
          );
          expect(drawing).not.toContain('NaN');
          // Each element that is opened is closed.
          expect(svg.match(/<g[ >]/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('show a title with signs of its own as text', () => {
    const svg = drawCover({ ...subject, title: '</title><script>alert("1")</script> & co' });
    expect(svg).toContain(
      '<title>&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co</title>',
    );
  });
});
