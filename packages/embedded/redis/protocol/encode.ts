/** Writes replies in RESP2 or RESP3, as latin1 text: one character for each byte. */
import { formatDouble } from '../numbers/double.ts';
import { CommandError, type Reply, type SpecialReply } from './reply.ts';

export type Protocol = 2 | 3;

/** Above this an answer is refused: JavaScript strings end at twice this size. */
const MAX_REPLY_BYTES = 256 * 1024 * 1024;

export function encodeReply(reply: Reply, protocol: Protocol): string {
  const encoded = encode(reply, protocol);
  if (encoded.length > MAX_REPLY_BYTES) throw replyTooLarge();
  return encoded;
}

const replyTooLarge = () => new CommandError('ERR the reply would be larger than 256mb');

function encode(reply: Reply, protocol: Protocol): string {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return protocol === 2 ? '$-1\r\n' : '_\r\n';
  if ('kind' in reply) return encodeSpecial(reply, protocol);
  return aggregate('*', reply, protocol);
}

function encodeSpecial(reply: SpecialReply, protocol: Protocol): string {
  const resp3 = protocol === 3;
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.message.replace(/[\r\n]/g, ' ')}\r\n`;
    case 'null array':
      return resp3 ? '_\r\n' : '*-1\r\n';
    case 'double':
      return resp3 ? `,${formatDouble(reply.value)}\r\n` : bulk(formatDouble(reply.value));
    case 'map':
      return `${resp3 ? '%' : '*'}${reply.entries.length * (resp3 ? 1 : 2)}\r\n${flat(reply.entries, protocol)}`;
    case 'pairs':
      return resp3
        ? aggregate('*', reply.pairs, protocol)
        : `*${reply.pairs.length * 2}\r\n${flat(reply.pairs, protocol)}`;
    case 'set':
      return aggregate(resp3 ? '~' : '*', reply.members, protocol);
    case 'verbatim':
      return resp3 ? `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n` : bulk(reply.text);
    case 'push':
      return aggregate(resp3 ? '>' : '*', reply.items, protocol);
    case 'sequence':
      return reply.replies.map((each) => encode(each, protocol)).join('');
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

function aggregate(mark: string, items: readonly Reply[], protocol: Protocol): string {
  let encoded = `${mark}${items.length}\r\n`;
  for (const item of items) {
    encoded += encode(item, protocol);
    if (encoded.length > MAX_REPLY_BYTES) throw replyTooLarge();
  }
  return encoded;
}

function flat(entries: readonly (readonly [Reply, Reply])[], protocol: Protocol): string {
  let encoded = '';
  for (const [key, value] of entries) encoded += encode(key, protocol) + encode(value, protocol);
  if (encoded.length > MAX_REPLY_BYTES) throw replyTooLarge();
  return encoded;
}
