/** Short ways to send a request to a handler, and to read what comes back. */
import { EMPTY_BODY, type Handler, type HttpRequest } from '@souk/kit/http/handler';

export interface ToldError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; service?: string; reason?: string };
}

export interface Told {
  status: number;
  headers: Record<string, string>;
  text: string;
  data: Record<string, unknown> | null | undefined;
  errors: ToldError[];
}

export interface AskOptions {
  variables?: Record<string, unknown>;
  operationName?: string;
  headers?: Record<string, string>;
}

export function post(handler: Handler, query: string, options: AskOptions = {}): Promise<Told> {
  const { headers = {}, ...params } = options;
  return send(handler, { body: JSON.stringify({ query, ...params }), headers });
}

export function get(handler: Handler, query: string, headers: Record<string, string> = {}): Promise<Told> {
  return send(handler, { method: 'GET', query, headers: { 'content-type': undefined, ...headers } });
}

export async function send(
  handler: Handler,
  { body, headers, ...rest }: Partial<Omit<HttpRequest, 'body'>> & { body?: string | Buffer },
): Promise<Told> {
  const response = await handler({
    method: 'POST',
    path: '/graphql',
    query: '',
    body: body === undefined ? EMPTY_BODY : Buffer.from(body),
    headers: { 'content-type': 'application/json', ...headers },
    ...rest,
  });
  const text = response.body.toString();
  const isJson = (response.headers['content-type'] ?? '').includes('json');
  const { data, errors = [] } = isJson ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, data, errors };
}

/** Error codes with the paths that they are at. */
export function codesOf({ errors }: Told): string[] {
  return errors.map(({ extensions, path }) => [extensions.code, ...(path ?? [])].join(' '));
}
