/**
 * The head of an answer, read strictly: whatever two readers could take for two different things ends the connection.
 * A leniency here is how one request gets the answer of another.
 */

export type Framing =
  | { kind: 'length'; bytes: number }
  | { kind: 'chunked' }
  /** The body is what comes until the peer closes. */
  | { kind: 'until closed' };

export interface ReplyHead {
  status: number;
  framing: Framing;
  /** Whether the peer takes another request on this connection. */
  staysOpen: boolean;
  /** For how long the peer says it keeps the connection when it is idle. */
  idleMs: number | undefined;
}

/** The answer is not HTTP/1.1, or can be read in more than one way. */
export class MalformedReply extends Error {
  override name = 'MalformedReply';
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\r\n\0]*)?$/;
/** A space before the colon, or a line that goes on with the next, is neither. */
const HEADER_LINE = /^([\w!#$%&'*+.^`|~-]+):([^\r\n\0]*)$/;
const LENGTH = /^\d{1,15}$/;
const IDLE_SECONDS = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s;])/i;

const NO_BODY: Framing = { kind: 'length', bytes: 0 };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSED: Framing = { kind: 'until closed' };

/** `text` without the empty line at its end. */
export function parseReplyHead(text: string): ReplyHead {
  const lines = text.split('\r\n');
  const [, minor, statusText] = STATUS_LINE.exec(lines[0]!) ?? malformed('the status line is none');
  const status = Number(statusText);
  let length: string | undefined;
  let encoding: string | undefined;
  let connection = '';
  let idleMs: number | undefined;
  for (let at = 1; at < lines.length; at++) {
    const [, name, rest] = HEADER_LINE.exec(lines[at]!) ?? malformed('a header is none');
    switch (name!.length) {
      // Of all names few are of interest, and their lengths tell them apart from nearly all others.
      case 10:
        if (is(name!, 'connection')) connection += `,${rest!.toLowerCase()}`;
        else if (is(name!, 'keep-alive')) idleMs = idleMsOf(rest!);
        break;
      case 14:
        if (!is(name!, 'content-length')) break;
        if (length !== undefined && length !== rest!.trim()) malformed('it has two lengths');
        length = rest!.trim();
        if (!LENGTH.test(length)) malformed('its length is no number');
        break;
      case 17:
        if (!is(name!, 'transfer-encoding')) break;
        if (encoding !== undefined) malformed('it is encoded twice');
        encoding = rest!.trim().toLowerCase();
        break;
    }
  }
  const framing = framingOf(status, length, encoding, minor!);
  const isLast = minor === '0' || framing.kind === 'until closed' || /[,\s]close(?:$|[,\s])/.test(connection);
  return { status, framing, staysOpen: !isLast, idleMs };
}

/** Fields behind the last chunk say nothing that we ask for; they must be fields all the same. */
export function checkTrailer(line: string): void {
  if (!HEADER_LINE.test(line)) malformed('a trailer is none');
}

export function malformed(reason: string): never {
  throw new MalformedReply(`the answer is not HTTP/1.1 as it should be: ${reason}`);
}

function framingOf(
  status: number,
  length: string | undefined,
  encoding: string | undefined,
  minor: string,
): Framing {
  if (length !== undefined && encoding !== undefined) malformed('it has a length and is chunked');
  if (encoding !== undefined && (encoding !== 'chunked' || minor === '0')) {
    malformed('its transfer encoding is not "chunked" alone');
  }
  // These never have a body, whatever their head says (RFC 9112, 6.3).
  if (status < 200 || status === 204 || status === 304) return NO_BODY;
  if (encoding !== undefined) return CHUNKED;
  return length === undefined ? UNTIL_CLOSED : { kind: 'length', bytes: Number(length) };
}

function idleMsOf(value: string): number | undefined {
  const [, seconds] = IDLE_SECONDS.exec(value) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

function is(name: string, expected: string): boolean {
  return name === expected || name.toLowerCase() === expected;
}
