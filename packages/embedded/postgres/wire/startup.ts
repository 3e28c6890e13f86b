/** Reads what a client says before its first statement: who it is, which settings it wants, or whom it cancels. */
import { ProtocolViolation } from './input.ts';

export type StartupPacket =
  /** TLS or GSS encryption is asked for; the answer is no. */
  | { kind: 'encryption' }
  | { kind: 'cancel'; pid: number; secret: number }
  | { kind: 'start'; minor: number; parameters: ReadonlyMap<string, string> };

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const PROTOCOL_MAJOR = 3;

export function readStartupPacket(packet: Buffer): StartupPacket {
  const code = packet.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'encryption' };
  if (code === CANCEL_REQUEST) {
    if (packet.length !== 16) throw new ProtocolViolation('invalid length of cancel request');
    return { kind: 'cancel', pid: packet.readInt32BE(8), secret: packet.readInt32BE(12) };
  }
  const major = code >>> 16;
  const minor = code & 0xffff;
  if (major !== PROTOCOL_MAJOR)
    throw new ProtocolViolation(
      `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.0`,
      '0A000',
    );
  return { kind: 'start', minor, parameters: readParameters(packet) };
}

function readParameters(packet: Buffer): Map<string, string> {
  const words = packet.toString('utf8', 8).split('\0');
  // Each value ends in a NUL, and one more ends them all.
  if (words.length < 2 || words.length % 2 !== 0 || words.at(-1) !== '' || words.at(-2) !== '')
    throw new ProtocolViolation('invalid startup packet layout: expected terminator as last byte');
  const parameters = new Map<string, string>();
  for (let i = 0; i + 2 < words.length; i += 2) parameters.set(words[i] as string, words[i + 1] as string);
  return parameters;
}
