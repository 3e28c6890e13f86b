/** Reviews of the shop that the tests of outputs look at. */
import { makeReport, type Report, type ReportOptions } from '../outputs/report.ts';
import { type Review, review } from '../review.ts';
import { mapSource } from '../source.ts';
import { keepHere } from './keep-here.ts';
import { edited, shopWith } from './shop.ts';

const TEAS = 'schema/teas.graphql';
const side = (name: string, changes = {}) => mapSource(name, new Map(Object.entries(shopWith(changes))));

/** The reviews share what they compose. */
const kept = keepHere();

/** A field that is used, one that is not, one that is new and badly made, and a tag. */
export function reviewOfChanges(): Promise<Review> {
  const text = shopWith()[TEAS]!;
  const worse = {
    [TEAS]: text
      .replace('  "What it is called."\n  name: String\n', '')
      .replace('  "Where it grows."\n  origin: String\n', '  mates: [Tea!]\n'),
    ...edited('schema/stars.graphql', 'stars: Float', 'stars: Float @tag(name: "public")'),
  };
  return review(side('base'), side('head', worse), { kept });
}

const CLASH = edited('schema/stars.graphql', 'stars: Float', 'name: Int');

/** Of a head that does not compose. */
export const reviewOfBroken = (): Promise<Review> => review(side('base'), side('head', CLASH), { kept });

/** Of a base that does not. */
export const reviewOfRescued = (): Promise<Review> => review(side('base', CLASH), side('head'), { kept });

export const reportOf = (of: Review, options: Partial<ReportOptions> = {}): Report =>
  makeReport(of, { accept: [], failOn: 'breaking-used', all: false, ...options });
