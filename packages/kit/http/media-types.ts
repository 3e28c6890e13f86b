/** Which media type to answer in: what `accept` weighs most among those on offer. */

export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const JSON_TYPE = 'application/json';
export const HTML = 'text/html';

interface Range {
  type: string;
  subtype: string;
  weight: number;
  /** 0 for anything, 1 for a whole type, 2 for one media type. */
  precision: number;
  position: number;
}

/**
 * Nothing when the header rules out all of them. Among equals, what the client names goes before what a wildcard
 * covers, what it names first before the rest, and then the first on offer.
 */
export function negotiate<Offer extends string>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0];
  const ranges = accept.split(',').flatMap(readRange);
  const acceptable = offers.flatMap((offer) => {
    const range = bestRange(offer, ranges);
    return range && range.weight > 0 ? [{ offer, range }] : [];
  });
  acceptable.sort(
    (a, b) =>
      b.range.weight - a.range.weight ||
      b.range.precision - a.range.precision ||
      a.range.position - b.range.position,
  );
  return acceptable[0]?.offer;
}

/** The most precise one that covers the offer decides its weight (RFC 9110, 12.5.1). */
function bestRange(offer: string, ranges: readonly Range[]): Range | undefined {
  const [type, subtype] = offer.split('/');
  return ranges
    .filter((range) => range.type === '*' || (range.type === type && ['*', subtype].includes(range.subtype)))
    .sort((a, b) => b.precision - a.precision || a.position - b.position)[0];
}

function readRange(text: string, position: number): Range[] {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const [type, subtype] = name.split('/');
  if (!type || !subtype || (type === '*' && subtype !== '*')) return [];
  let weight = 1;
  for (const parameter of parameters) {
    const [key, value = ''] = parameter.split('=');
    if (key === 'q') weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 0;
    // Whatever is answered is UTF-8.
    if (key === 'charset' && !isUtf8(value)) return [];
  }
  const precision = type === '*' ? 0 : subtype === '*' ? 1 : 2;
  return [{ type, subtype, weight, precision, position }];
}

/** A body is read when it is JSON in UTF-8. */
export function isJsonContent(contentType: string | undefined): boolean {
  const [name, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (name !== JSON_TYPE) return false;
  return parameters.every((parameter) => {
    const [key, value = ''] = parameter.split('=');
    return key !== 'charset' || isUtf8(value);
  });
}

function isUtf8(charset: string): boolean {
  return /^"?utf-?8"?$/.test(charset);
}
