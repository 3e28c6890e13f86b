/** What is done to an answer on its way out: what caches may know of it, who may read it, how it is packed. */
import { createHash } from 'node:crypto';
import { EMPTY_BODY, type HttpRequest, type HttpResponse } from '@souk/kit/http/handler';
import type { Cors } from './cors.ts';
import { COMPRESS_FROM_BYTES, chooseEncoding, compress } from './encodings.ts';

export interface FinishOptions {
  cors?: Cors | undefined;
  compression: boolean;
}

/** `isWhole`: data without an error, of something that a GET may ask for again. */
export type Finish = (
  request: HttpRequest,
  response: HttpResponse,
  isWhole: boolean,
) => HttpResponse | Promise<HttpResponse>;

export function createFinish({ cors, compression }: FinishOptions): Finish {
  return (request, response, isWhole) => {
    const { headers, body } = response;
    if (compression && body.length >= COMPRESS_FROM_BYTES) addTo(headers, 'accept-encoding');
    cors?.mark(request, headers);
    if (isWhole && request.method === 'GET' && response.status === 200 && !response.stream) {
      const etag = `W/"${createHash('sha1').update(body).digest('base64url')}"`;
      // Kept by the browser that asked and by nobody between, and asked about each time: it may be somebody's own.
      Object.assign(headers, { etag, 'cache-control': 'private, no-cache' });
      addTo(headers, 'authorization');
      if (names(request.headers['if-none-match'], etag)) {
        const { 'content-type': _, ...kept } = headers;
        return { status: 304, headers: kept, body: EMPTY_BODY };
      }
    }
    if (!compression || body.length < COMPRESS_FROM_BYTES) return response;
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    return encoding === undefined ? response : compress(response, encoding);
  };
}

function addTo(headers: Record<string, string>, name: string): void {
  headers.vary = headers.vary === undefined ? name : `${headers.vary}, ${name}`;
}

/** Weak or strong says nothing here: the tag is of the content, however that is packed. */
function names(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const bare = etag.slice(2);
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === bare);
}
