/** Slugs: the part of a shop's URL that names a product or a category. */
import { foldedText } from '@souk/kit/values/text-values';

const MAX_SLUG = 100;
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export const SLUG_RULE = `A slug has 1 to ${MAX_SLUG} small letters and digits, with single hyphens between them`;

/** Letters that are more than a letter with an accent. */
const SPELLED: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

export function isSlug(text: string): boolean {
  return text.length <= MAX_SLUG && SLUG.test(text);
}

/** Nothing when the text has no letter that fits, as one in another script. */
export function slugOf(text: string): string | undefined {
  const slug = foldedText(text)
    .replace(/[ßæœøđðþłı]/g, (letter) => SPELLED[letter]!)
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? undefined : slug;
}

/** How far a number behind a slug is counted up. */
const MAX_NUMBER = 50;

/** `teapot`, `teapot-2`, `teapot-3` …: the slugs that are tried for a title that several things have. */
export function slugSeries(stem: string): string[] {
  return Array.from({ length: MAX_NUMBER }, (_, index) => {
    const ending = index === 0 ? '' : `-${index + 1}`;
    return `${stem.slice(0, MAX_SLUG - ending.length)}${ending}`;
  });
}

/** Nothing when the whole series is taken. */
export function freeSlug(stem: string, taken: ReadonlySet<string>): string | undefined {
  return slugSeries(stem).find((slug) => !taken.has(slug));
}
