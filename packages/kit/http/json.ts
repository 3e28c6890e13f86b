/** Reads JSON that strangers send: UTF-8 only, not too deep, and nothing that could reach a prototype. */
import { isUtf8 } from 'node:buffer';

export type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string };

/** Deeper than any variable of a sane operation; shallow enough that nothing recursive runs out of stack. */
const MAX_DEPTH = 64;

export function parseJson(body: Buffer, maxDepth: number = MAX_DEPTH): ParsedJson {
  if (body.length === 0) return { ok: false, message: 'The body is empty; send JSON' };
  if (!isUtf8(body)) return { ok: false, message: 'The body is not valid UTF-8' };
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    // The parser names the place; what stands there may be a secret, so its excerpt is left out.
    return { ok: false, message: `The body is not valid JSON${placeIn(error as Error)}` };
  }
  const fault = faultIn(value, maxDepth);
  return fault === undefined ? { ok: true, value } : { ok: false, message: fault };
}

function placeIn({ message }: Error): string {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : ` at position ${position}`;
}

function faultIn(value: unknown, depthLeft: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthLeft === 0) return 'The JSON is nested too deeply';
  if (Array.isArray(value)) {
    for (const item of value) {
      const fault = faultIn(item, depthLeft - 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'The JSON has a key `__proto__`, which is not accepted';
    const fault = faultIn((value as Record<string, unknown>)[key], depthLeft - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
