/** Settings are read once, at the edge. Every fault is told in one message, with the setting's name and a remedy. */
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** One line a fault; a process prints it and ends with status 1. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

export type SettingsShape = Record<string, z.ZodType>;
export type SettingsOf<Shape extends SettingsShape> = z.output<z.ZodObject<Shape>>;

export interface SettingsSource<Shape extends SettingsShape> {
  /** Each setting under its name in the environment. */
  shape: Shape;
  env: Record<string, string | undefined>;
  /** Command line without the program; every `--flag` must be in `flags`. */
  args?: readonly string[];
  /** Flags that go before the environment: `{ port: 'PORT' }`. */
  flags?: Record<string, keyof Shape & string>;
  /** Settings of other services, which an environment shared by several may hold too. */
  alsoKnown?: readonly string[];
  /** Looks at several settings together, by what was given for each, and answers the faults it finds. */
  check?: (given: Record<string, string>) => string[];
}

/** Whoever sets a name with this prefix means Souk; an unknown one is a typing error. */
const OURS = 'SOUK_';

export function parseSettings<Shape extends SettingsShape>(source: SettingsSource<Shape>): SettingsOf<Shape> {
  const { shape, env, args = [], flags = {}, alsoKnown = [] } = source;
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(shape)) {
    const value = env[name];
    // What is set to nothing, as compose files and shells do, is not set.
    if (value !== undefined && value.trim() !== '') given[name] = value;
  }
  Object.assign(given, parseFlags(args, flags, faults));
  for (const name of Object.keys(env)) {
    if (!name.startsWith(OURS) || Object.hasOwn(shape, name) || alsoKnown.includes(name)) continue;
    faults.push(`${name} is not a setting${suggestion(name, [...Object.keys(shape), ...alsoKnown])}`);
  }
  faults.push(...(source.check?.(given) ?? []));
  const parsed = z.object(shape).safeParse(given);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const name = String(path[0]);
      faults.push(
        `${nameOf(name, flags, args)} ${Object.hasOwn(given, name) ? message : 'is not set, but must be'}`,
      );
    }
  }
  if (faults.length > 0) throw new SettingsError(faults.join('\n'));
  return parsed.data as SettingsOf<Shape>;
}

function parseFlags(args: readonly string[], flags: Record<string, string>, faults: string[]) {
  const options = Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: 'string' as const }]));
  const given: Record<string, string> = {};
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    for (const [flag, value] of Object.entries(values)) given[flags[flag]!] = value as string;
  } catch (error) {
    // parseArgs names the flag that it does not know or that lacks its value.
    const known = Object.keys(flags).map((flag) => `--${flag}`);
    const remedy = known.length > 0 ? `known flags: ${known.join(', ')}` : 'this command takes none';
    faults.push(`${(error as Error).message.split('. ')[0]} (${remedy})`);
  }
  return given;
}

/** The flag, when that is where the value came from. */
function nameOf(name: string, flags: Record<string, string>, args: readonly string[]): string {
  const flag = Object.keys(flags).find((candidate) => flags[candidate] === name);
  const used = flag !== undefined && args.some((arg) => arg === `--${flag}` || arg.startsWith(`--${flag}=`));
  return used ? `--${flag}` : name;
}

function suggestion(name: string, known: readonly string[]): string {
  const [closest] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= 3)
    .sort((a, b) => a.distance - b.distance);
  return closest ? `; did you mean ${closest.candidate}?` : '; remove it, or check its spelling';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
