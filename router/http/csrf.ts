/**
 * A page of another site can make a browser send requests here, with no word from us, as long as they are "simple":
 * no headers but a few, no body but a form's or a text. Such requests are refused. A POST needs `application/json`,
 * which no simple request has. A GET passes with any header that a page cannot set without asking first (a preflight,
 * which only the sites of cors.ts are granted), or when nothing says that a foreign page sent it: browsers mark those
 * that one did.
 */
import type { HttpRequest } from '@souk/kit/http/handler';
import { type Refusal, refuseRequest } from '../refusal.ts';

/** Only code that may read the answer can set these. */
const NOT_SIMPLE = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-requested-with',
  'authorization',
];
const SIMPLE_CONTENT =
  /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(?:;|$)/i;

export function guardAgainstForgery({ method, headers }: HttpRequest): Refusal | undefined {
  if (method !== 'GET') return undefined;
  const contentType = headers['content-type'];
  if (contentType !== undefined && !SIMPLE_CONTENT.test(contentType)) return undefined;
  if (NOT_SIMPLE.some((name) => headers[name] !== undefined)) return undefined;
  const site = headers['sec-fetch-site'];
  const foreign = site !== undefined ? !['same-origin', 'none'].includes(site) : isForeign(headers);
  if (!foreign) return undefined;
  return refuseRequest(
    'REQUEST_BLOCKED',
    'A page of another site may have made the browser send this; use POST with content-type application/json, ' +
      'or add a header such as apollo-require-preflight: true',
  );
}

/** Where the browser marks nothing else, as over plain HTTP, it still names the page that fetches. */
function isForeign({ origin, host }: HttpRequest['headers']): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
