/** Reads what the engine answers to a start-up packet's settings: an error, or all settings that clients are told of. */
import type { Setting } from '../channel.ts';
import { type ErrorFields, HEAD, messagesIn } from './messages.ts';

export interface OpenResult {
  error: ErrorFields | undefined;
  settings: Setting[];
}

export function readOpenResult(output: Buffer): OpenResult {
  const result: OpenResult = { error: undefined, settings: [] };
  for (const { type, start, end } of messagesIn(output)) {
    const texts = output.toString('utf8', start + HEAD, end).split('\0');
    if (type === 'S') result.settings.push([texts[0] ?? '', texts[1] ?? '']);
    if (type === 'E') result.error = fatalError(texts);
  }
  return result;
}

/** Each text begins with the letter of its field. What is an ERROR of a statement ends a start-up. */
function fatalError(texts: readonly string[]): ErrorFields {
  const field = (letter: string) => texts.find((text) => text.startsWith(letter))?.slice(1);
  return {
    severity: 'FATAL',
    code: field('C') ?? 'XX000',
    message: field('M') ?? 'the start-up packet was refused',
    detail: field('D'),
    hint: field('H'),
  };
}
