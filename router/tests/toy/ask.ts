/** Short ways to send a request to a handler, and to read what comes back. */
import { EMPTY_BODY, type Handler, type HttpRequest, type HttpResponse } from '@souk/kit/handler';

export interface Told {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any;
}

export async function post(
  handler: Handler,
  query: string,
  { variables, headers }: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Promise<Told> {
  return send(handler, { body: JSON.stringify({ query, variables }), headers: headers ?? {} });
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
  return read(response);
}

function read({ status, headers, body }: HttpResponse): Told {
  const text = body.toString();
  const json = (headers['content-type'] ?? '').includes('json');
  return { status, headers, body: json ? JSON.parse(text) : text };
}
