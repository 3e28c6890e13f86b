/** What the log and a trace tell of an operation, however it came in. */
import type { HttpRequest } from '@souk/kit/http/handler';
import type { Attributes } from '@souk/kit/observe/traces';
import type { Trail } from '../trail.ts';

export function spanAttributes({ operation }: Trail): Attributes {
  if (!operation) return {};
  const { name, kind } = operation;
  return {
    'graphql.operation.type': kind,
    ...(name === undefined ? {} : { 'graphql.operation.name': name }),
  };
}

export function lineOf(request: HttpRequest, trail: Trail, status: number, milliseconds: number) {
  const { operation, viewer, fetches, errors, withheld } = trail;
  return {
    method: request.method,
    path: request.path.slice(0, 200),
    status,
    ms: Math.round(milliseconds * 10) / 10,
    ...(operation ? { operation: operation.name, kind: operation.kind, hash: operation.hash } : {}),
    ...(viewer?.userId ? { user: viewer.userId } : {}),
    ...(viewer?.apiKeyId ? { client: viewer.apiKeyId } : {}),
    ...(fetches.length > 0 ? { fetches: fetches.map(({ subgraph }) => subgraph) } : {}),
    ...(errors.length > 0 ? { errors: [...new Set(errors)] } : {}),
    ...(withheld > 0 ? { withheld } : {}),
  };
}
