/** Reads OP_MSG: one command document, and sequences of documents that belong into its fields. */
import { failedToParse, location, MongoError } from '../errors.ts';
import { decodeDoc } from '../values/codec.ts';
import { hasField } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { crc32c } from './crc32c.ts';
import { HEADER_BYTES } from './frames.ts';

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** A receiver must know the lower 16 flags, and may ignore the others, such as exhaustAllowed. */
const UNKNOWN_REQUIRED_FLAGS = 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME);
const MAX_SEQUENCES = 8;

export interface OpMsg {
  body: Doc;
  /** Documents of the sequences, by field, still encoded. */
  sequences: Map<string, Uint8Array[]>;
}

/** What the sender says may be read even when the rest is damaged: whether it waits for a reply. */
export function wantsReply(message: Buffer): boolean {
  return message.length < HEADER_BYTES + 4 || (message.readUInt32LE(HEADER_BYTES) & MORE_TO_COME) === 0;
}

export function readOpMsg(message: Buffer): OpMsg {
  if (message.length < HEADER_BYTES + 5) throw failedToParse('OP_MSG is too short');
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & UNKNOWN_REQUIRED_FLAGS) !== 0) {
    throw new MongoError(
      223,
      'IllegalOpMsgFlag',
      `Message contains illegal flags value: Ob${flags.toString(2)}`,
    );
  }
  const end = flags & CHECKSUM_PRESENT ? checkedEnd(message) : message.length;
  let body: Doc | undefined;
  const sequences = new Map<string, Uint8Array[]>();
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message[at++]!;
    const length = sectionLength(message, at, end);
    const section = message.subarray(at, at + length);
    if (kind === 0) {
      if (body) throw location(40430, 'Multiple body sections in message');
      body = decodeDoc(section);
    } else if (kind === 1) {
      addSequence(section, sequences);
    } else {
      throw location(40432, `Unknown section kind ${kind}`);
    }
    at += length;
  }
  if (!body) throw location(40587, 'OP_MSG messages must have a body');
  for (const name of sequences.keys()) {
    if (hasField(body, name)) {
      throw location(40433, `Duplicate field between body and document sequence ${name}`);
    }
  }
  return { body, sequences };
}

function checkedEnd(message: Buffer): number {
  const end = message.length - 4;
  if (end < HEADER_BYTES + 5 || crc32c(message.subarray(0, end)) !== message.readUInt32LE(end)) {
    throw new MongoError(288, 'ChecksumMismatch', 'OP_MSG checksum does not match contents');
  }
  return end;
}

/** Body and sequence both begin with their length. */
function sectionLength(message: Buffer, at: number, end: number): number {
  const length = at + 4 <= end ? message.readInt32LE(at) : -1;
  if (length < 5 || at + length > end) throw failedToParse('A section of OP_MSG has an invalid length');
  return length;
}

function addSequence(section: Buffer, sequences: Map<string, Uint8Array[]>): void {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw failedToParse('A document sequence of OP_MSG has no name');
  const name = section.toString('utf8', 4, nameEnd);
  if (sequences.has(name)) throw location(40431, `Duplicate document sequence: ${name}`);
  if (sequences.size === MAX_SEQUENCES) {
    throw new MongoError(233, 'TooManyDocumentSequences', 'Too many document sequences in OP_MSG');
  }
  const documents: Uint8Array[] = [];
  for (let at = nameEnd + 1; at < section.length; ) {
    const length = at + 4 <= section.length ? section.readInt32LE(at) : -1;
    if (length < 5 || at + length > section.length) {
      throw new MongoError(22, 'InvalidBSON', 'A document of a sequence has an invalid length');
    }
    documents.push(section.subarray(at, at + length));
    at += length;
  }
  sequences.set(name, documents);
}
