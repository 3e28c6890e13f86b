/**
 * Reads a log back after any kind of end. A frame that the last write left unfinished is cut off; damage with good
 * frames behind it is not something a crash can cause, so it is told and nothing is touched.
 */
import { fstatSync, ftruncateSync, readSync, writeFileSync } from 'node:fs';
import { DataFileError } from './errors.ts';
import { bodyLength, decodeBody, FILE_HEADER, FRAME_HEADER_BYTES, frameStarts } from './frame.ts';

/** Replays every record and returns where the next frame belongs: 0 for a new file. */
export function recover(
  fd: number,
  path: string,
  replay: (record: Buffer) => void,
  warn: (message: string) => void,
): number {
  const size = fstatSync(fd).size;
  if (size < FILE_HEADER.length && FILE_HEADER.subarray(0, size).equals(read(fd, 0, size))) return 0;
  if (!read(fd, 0, FILE_HEADER.length).equals(FILE_HEADER)) {
    throw new DataFileError(`${path} is not a log of this version of Souk; move it away or restore it`);
  }
  let at = FILE_HEADER.length;
  while (at < size) {
    const frame = readFrame(fd, at, size);
    if (!frame) break;
    for (const record of frame.records) replayRecord(path, at, record, replay);
    at = frame.end;
  }
  if (at < size) dropTornEnd(fd, path, at, size, warn);
  return at;
}

function replayRecord(path: string, at: number, record: Buffer, replay: (record: Buffer) => void): void {
  try {
    replay(record);
  } catch (cause) {
    // The frame is as it was written, so another version wrote it, or a fault of ours did: starting would lose it.
    const why = (cause as Error).message;
    throw new DataFileError(`${path} holds a record at byte ${at} that cannot be read: ${why}`, { cause });
  }
}

function readFrame(fd: number, at: number, size: number): { records: Buffer[]; end: number } | undefined {
  if (at + FRAME_HEADER_BYTES > size) return undefined;
  const header = read(fd, at, FRAME_HEADER_BYTES);
  const length = bodyLength(header);
  const end = at + FRAME_HEADER_BYTES + (length ?? 0);
  if (length === undefined || end > size) return undefined;
  const records = decodeBody(header, read(fd, at + FRAME_HEADER_BYTES, length), at);
  return records && { records, end };
}

function dropTornEnd(
  fd: number,
  path: string,
  at: number,
  size: number,
  warn: (message: string) => void,
): void {
  const rest = read(fd, at, size - at);
  for (const start of frameStarts(rest.subarray(1))) {
    if (!readFrame(fd, at + 1 + start, size)) continue;
    throw new DataFileError(
      `${path} is damaged at byte ${at}, with readable data behind it from byte ${at + 1 + start}. ` +
        'Nothing was changed: restore the file from a copy, or move it away to start empty.',
    );
  }
  writeFileSync(`${path}.torn`, rest);
  ftruncateSync(fd, at);
  warn(
    `${path}: the last write was cut short; its ${size - at} bytes were dropped, a copy is in ${path}.torn`,
  );
}

function read(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const got = readSync(fd, bytes, done, length - done, position + done);
    if (got === 0) return bytes.subarray(0, done);
    done += got;
  }
  return bytes;
}
