/** The head of a request to one origin: what is the same for all of them is made once. */

/** Answers with an error where a header must not be sent. */
export type WriteHead = (headers: Record<string, string>, bodyBytes: number) => string | Error;

/** In lower case, as all names are here. Written by us alone: they say where a request ends. */
const OURS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Line breaks in a value would begin a header, or a request, that nobody meant. */
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** `always` are sent with each request, unless the request has a header of the same name. */
export function createWriteHead(
  { host, path }: { host: string; path: string },
  always: Record<string, string>,
): WriteHead {
  const requestLine = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  const alwaysText = lines(always);
  const alwaysNames = new Set(Object.keys(always));
  return (headers, bodyBytes) => {
    const names = Object.keys(headers);
    const refused = names.find((name) => !maySend(name, headers[name]!));
    if (refused !== undefined) return new Error(`the header "${refused}" cannot be passed on`);
    const isPlain = !names.some((name) => alwaysNames.has(name));
    const text = isPlain ? alwaysText + lines(headers) : lines({ ...always, ...headers });
    return `${requestLine}${text}content-length: ${bodyBytes}\r\n\r\n`;
  };
}

function maySend(name: string, value: string): boolean {
  return NAME.test(name) && !OURS.has(name) && !NOT_IN_VALUE.test(value);
}

function lines(headers: Record<string, string>): string {
  let text = '';
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
  return text;
}
