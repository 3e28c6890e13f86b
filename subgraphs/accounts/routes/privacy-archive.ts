/** The archive of an export, for whoever holds a link to it that has not expired. */
import { errorResponse } from '@souk/kit/errors/errors';
import { type HttpRequest, type HttpResponse, jsonResponse } from '@souk/kit/http/handler';
import type { Route } from '@souk/kit/http/routes';
import { ARCHIVES_PATH, isArchiveLink } from '../domain/archive-links.ts';
import type { Services } from '../domain/services.ts';
import { findPrivacyData, findPrivacyRequests } from '../store/privacy-requests.ts';

const PATH = new RegExp(`${ARCHIVES_PATH}(prv_[0-9A-Z]{26})`);

export function privacyArchive(services: Services): Route {
  return { method: 'GET', path: PATH, handle: (request) => answer(services, request) };
}

async function answer(services: Services, { path, query }: HttpRequest): Promise<HttpResponse> {
  const id = PATH.exec(path)![1]!;
  const parameters = new URLSearchParams(query);
  const expires = Number(parameters.get('expires'));
  const link = isArchiveLink(services, { id, expires, signature: parameters.get('signature') ?? '' });
  if (link !== 'good') {
    const why = link === 'expired' ? 'This link has expired' : 'This link is not one of ours, or was changed';
    const { status, body } = errorResponse('FORBIDDEN', `${why}; ask for \`downloadUrl\` again`);
    return jsonResponse(status, body);
  }
  const [request] = await findPrivacyRequests(services.db, [id]);
  const parts = await findPrivacyData(services.db, id);
  if (!request || parts.some(({ data }) => data === null)) {
    const { status, body } = errorResponse('NOT_FOUND', 'This archive is gone; ask for another export');
    return jsonResponse(status, body);
  }
  const archive = {
    request: id,
    user: request.userId,
    completedAt: request.completedAt,
    domains: Object.fromEntries(parts.map(({ domain, data }) => [domain, data])),
  };
  return {
    status: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${id}.json"`,
      'cache-control': 'private, no-store',
    },
    body: JSON.stringify(archive, null, 2),
  };
}
