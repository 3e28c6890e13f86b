/**
 * A WebSocket client of what a load needs and no more: text frames in, small ones out. Reads of all sockets share one
 * buffer, and nothing is copied unless a frame comes in pieces, so that thousands of them leave the cores to the router.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface BareSocketOptions {
  url: URL;
  localAddress: string;
  onOpen(socket: BareSocket): void;
  /** Its bytes are there until the call returns. */
  onText(socket: BareSocket, message: Buffer): void;
  onClose(reason: string): void;
}

export interface BareSocket {
  send(text: string): void;
  close(): void;
}

const READ_BYTES = 256 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];
const NOTHING = Buffer.alloc(0);
const readBuffer = Buffer.allocUnsafe(READ_BYTES);

export function openBareSocket({
  url,
  localAddress,
  onOpen,
  onText,
  onClose,
}: BareSocketOptions): BareSocket {
  let isOpen = false;
  /** What came of a message that is not whole yet. */
  let rest = NOTHING;
  let reason = 'connection lost';
  const onread = {
    buffer: readBuffer,
    callback: (length: number, buffer: Uint8Array) => {
      const read = buffer as Buffer;
      take(rest.length === 0 ? read : Buffer.concat([rest, read.subarray(0, length)]), rest.length + length);
      return true;
    },
  };
  const options = { host: url.hostname, port: Number(url.port), localAddress, noDelay: true };
  const socket: Socket = connect({ ...options, onread });
  const self: BareSocket = {
    send: (text) => socket.write(frame(TEXT, Buffer.from(text))),
    close: () => socket.destroy(),
  };
  socket.on('connect', () => {
    const lines = [
      `GET ${url.pathname} HTTP/1.1`,
      `host: ${url.host}`,
      'upgrade: websocket',
      'connection: Upgrade',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
      'sec-websocket-protocol: graphql-transport-ws',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
  socket.on('error', (error) => {
    reason = error.message;
  });
  socket.on('close', () => onClose(reason));
  return self;

  function take(bytes: Buffer, end: number): void {
    let at = 0;
    if (!isOpen) {
      const head = bytes.subarray(0, end).indexOf(END_OF_HEAD);
      if (head >= 0) at = head + END_OF_HEAD.length;
      if (head >= 0 && !bytes.toString('latin1', 0, head).startsWith('HTTP/1.1 101')) {
        reason = bytes.toString('latin1', 0, Math.min(end, 300));
        socket.destroy();
        return;
      }
      isOpen = head >= 0;
      if (isOpen) onOpen(self);
    }
    while (isOpen && end - at >= 2) {
      let length = bytes[at + 1]! & 127;
      let from = at + 2;
      if (length === 126) {
        if (end - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        from = at + 4;
      } else if (length === 127) {
        if (end - at < 10) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        from = at + 10;
      }
      const to = from + length;
      if (to > end) break;
      message(bytes[at]! & 15, bytes, from, to);
      at = to;
    }
    // The buffer is somebody else's from now on.
    rest = at === end ? NOTHING : Buffer.from(bytes.subarray(at, end));
  }

  function message(kind: number, bytes: Buffer, from: number, to: number): void {
    if (kind === TEXT) onText(self, bytes.subarray(from, to));
    else if (kind === PING) socket.write(frame(PONG, bytes.subarray(from, to)));
    else if (kind === CLOSE) {
      if (to - from >= 2) reason = `${bytes.readUInt16BE(from)} ${bytes.toString('utf8', from + 2, to)}`;
      socket.destroy();
    }
  }
}

/** Clients must mask; a mask of zeros leaves the bytes as they are. */
function frame(kind: number, payload: Buffer): Buffer {
  if (payload.length > 0xff_ff) throw new Error('A load sends no message of that size');
  const head = payload.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
  head[0] = 0x80 | kind;
  head[1] = 0x80 | (payload.length < 126 ? payload.length : 126);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
