/**
 * One frame of a log: magic (4 bytes), length of the body, its CRC-32, then the body: each record behind its length.
 * All integers are little-endian and 32 bits wide. The checksum starts from the frame's place in the file, so that a
 * log kept as a value inside a log is never taken for frames of the outer one.
 */
import { crc32 } from 'node:zlib';

export const FILE_HEADER = Buffer.from('SOUKLOG1');
const MAGIC = Buffer.from([0xf5, 0x53, 0x4b, 0x0a]);
export const FRAME_HEADER_BYTES = 12;

export function encodeFrame(records: readonly Uint8Array[], position: number): Buffer {
  let bodyBytes = 0;
  for (const record of records) bodyBytes += 4 + record.length;
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + bodyBytes);
  let at = FRAME_HEADER_BYTES;
  for (const record of records) {
    frame.writeUInt32LE(record.length, at);
    frame.set(record, at + 4);
    at += 4 + record.length;
  }
  MAGIC.copy(frame);
  frame.writeUInt32LE(bodyBytes, 4);
  frame.writeUInt32LE(checksum(frame.subarray(FRAME_HEADER_BYTES), position), 8);
  return frame;
}

/** The length of the body that a frame's header announces, or undefined where no frame starts. */
export function bodyLength(header: Buffer): number | undefined {
  return header.subarray(0, 4).equals(MAGIC) ? header.readUInt32LE(4) : undefined;
}

/** The body's records, or undefined when it is not the body that was written. */
export function decodeBody(header: Buffer, body: Buffer, position: number): Buffer[] | undefined {
  if (checksum(body, position) !== header.readUInt32LE(8)) return undefined;
  const records: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32LE(at);
    records.push(body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}

/** The places in these bytes where a frame may start. */
export function* frameStarts(bytes: Buffer): Generator<number> {
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) yield at;
}

function checksum(body: Uint8Array, position: number): number {
  return crc32(body, position % 2 ** 32);
}
