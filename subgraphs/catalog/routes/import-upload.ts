/** Where the file of an import is sent to: the address that `productImportStart` hands out. */
import { type ErrorCode, errorResponse } from '@souk/kit/errors/errors';
import { type HttpRequest, type HttpResponse, jsonResponse } from '@souk/kit/http/handler';
import type { Route } from '@souk/kit/http/routes';
import { IMPORTS_PATH } from '../domain/import-starting.ts';
import { MAX_FILE_BYTES, receiveFile, type UploadOutcome } from '../domain/import-uploading.ts';
import type { Services } from '../domain/services.ts';

const PATH = new RegExp(`${IMPORTS_PATH}(imp_[0-9A-Z]{26})`);

export function importUpload(services: Services): Route {
  return { method: 'PUT', path: PATH, streams: true, handle: (request) => answer(services, request) };
}

type Refusal = Extract<UploadOutcome, { ok: false }>['reason'];

const REFUSALS: Record<Refusal, [ErrorCode, string]> = {
  unknown: ['NOT_FOUND', 'There is no such import; open one with `productImportStart`'],
  forged: [
    'FORBIDDEN',
    'This address is not one of ours, or was changed; use `uploadUrl` exactly as it was given',
  ],
  expired: ['FORBIDDEN', 'This address has expired; open another import'],
  used: ['FORBIDDEN', 'This import has its file already, or was cancelled; open another one'],
  busy: ['FORBIDDEN', 'A file is being sent to this address already'],
  'too large': [
    'CONTENT_TOO_LARGE',
    `The file is larger than ${MAX_FILE_BYTES / 1_048_576} MB; cut it into several`,
  ],
  empty: ['BAD_REQUEST', 'The file has no rows; send it again'],
  'broken off': ['BAD_REQUEST', 'The file broke off; send it again'],
};

async function answer(services: Services, request: HttpRequest): Promise<HttpResponse> {
  const { path, query, headers, body, stream } = request;
  if (headers['content-encoding'] !== undefined)
    return refusal('UNSUPPORTED_MEDIA_TYPE', 'Send the file uncompressed');
  const outcome = await receiveFile(services, {
    importId: PATH.exec(path)![1]!,
    signature: new URLSearchParams(query).get('signature') ?? '',
    announcedBytes: Number(headers['content-length'] ?? 0),
    source: stream ?? [body],
  });
  if (outcome.ok) return jsonResponse(202, { rows: outcome.rows, bytes: outcome.bytes });
  return refusal(...REFUSALS[outcome.reason]);
}

function refusal(code: ErrorCode, message: string): HttpResponse {
  const { status, body } = errorResponse(code, message);
  return jsonResponse(status, body);
}
