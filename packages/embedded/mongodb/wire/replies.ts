/** Writes replies. Documents of a batch are already encoded: they are copied, not encoded again. */
import type { Reply } from '../commands/reply.ts';
import { encodeDoc } from '../values/codec.ts';
import { HEADER_BYTES, OP_MSG, OP_REPLY } from './frames.ts';

const DOCUMENT = 3;
const ARRAY = 4;
const STRING = 2;
const INT64 = 0x12;

let nextRequestId = 1;

export function opMsgReply(responseTo: number, reply: Reply): Buffer {
  const parts = bodyParts(reply);
  const header = Buffer.alloc(HEADER_BYTES + 5);
  return withHeader(header, OP_MSG, responseTo, parts);
}

/** The answer to a legacy greeting; flags 2 tells that the query failed. */
export function opReply(responseTo: number, reply: Reply, failed: boolean): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + 20);
  header.writeInt32LE(failed ? 2 : 0, HEADER_BYTES);
  header.writeInt32LE(1, HEADER_BYTES + 16);
  return withHeader(header, OP_REPLY, responseTo, bodyParts(reply));
}

function withHeader(header: Buffer, opCode: number, responseTo: number, parts: Uint8Array[]): Buffer {
  const message = Buffer.concat([header, ...parts]);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(nextRequestId, 4);
  message.writeInt32LE(responseTo, 8);
  message.writeInt32LE(opCode, 12);
  nextRequestId = nextRequestId === 0x7fffffff ? 1 : nextRequestId + 1;
  return message;
}

function bodyParts({ fields, cursor }: Reply): Uint8Array[] {
  const encoded = encodeDoc(fields);
  if (!cursor) return [encoded];
  const otherFields = encoded.subarray(4);
  const batch = arrayParts(cursor.documents);
  const tail = Buffer.concat([
    int64Field('id', cursor.id),
    stringField('ns', cursor.namespace),
    Buffer.of(0),
  ]);
  const inside = [fieldStart(ARRAY, cursor.batchName), ...batch, tail];
  const cursorField = [fieldStart(DOCUMENT, 'cursor'), int32(byteLength(inside) + 4), ...inside];
  return [int32(byteLength(cursorField) + otherFields.length + 4), ...cursorField, otherFields];
}

function arrayParts(documents: readonly Uint8Array[]): Uint8Array[] {
  const parts: Uint8Array[] = [int32(0)];
  let size = 5;
  for (let i = 0; i < documents.length; i++) {
    const name = elementName(i);
    parts.push(name, documents[i]!);
    size += name.length + documents[i]!.length;
  }
  parts[0] = int32(size);
  parts.push(Buffer.of(0));
  return parts;
}

/** The names of the first elements, which most batches do with. */
const elementNames: Buffer[] = [];

function elementName(index: number): Buffer {
  const known = elementNames[index];
  if (known) return known;
  const name = fieldStart(DOCUMENT, String(index));
  if (index < 1000) elementNames[index] = name;
  return name;
}

function fieldStart(type: number, name: string): Buffer {
  return Buffer.from(`${String.fromCharCode(type)}${name}\0`, 'latin1');
}

function int64Field(name: string, value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(value);
  return Buffer.concat([fieldStart(INT64, name), bytes]);
}

function stringField(name: string, value: string): Buffer {
  const text = Buffer.from(`${value}\0`);
  return Buffer.concat([fieldStart(STRING, name), int32(text.length), text]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function byteLength(parts: readonly Uint8Array[]): number {
  let size = 0;
  for (const part of parts) size += part.length;
  return size;
}
