/** The start-up of a connection: packets until it is known who comes in, with which settings, or who is cancelled. */
import type { Setting } from '../channel.ts';
import { type Input, nextStartupPacket } from './input.ts';
import { type ErrorFields, protocolVersion } from './messages.ts';
import { readStartupPacket } from './startup.ts';

export interface Login {
  user: string;
  settings: readonly Setting[];
}

export type StartupOutcome =
  | { kind: 'login'; login: Login }
  | { kind: 'refused'; error: ErrorFields }
  | { kind: 'cancel'; pid: number; secret: number };

/** Undefined while packets are still to come. */
export function readStartup(input: Input, answer: (bytes: Buffer) => void): StartupOutcome | undefined {
  for (let bytes = nextStartupPacket(input); bytes; bytes = nextStartupPacket(input)) {
    const packet = readStartupPacket(bytes);
    if (packet.kind === 'cancel') return packet;
    if (packet.kind === 'encryption') answer(Buffer.from('N'));
    else {
      const unknown = [...packet.parameters.keys()].filter((name) => name.startsWith(PROTOCOL_OPTION));
      if (packet.minor > 0 || unknown.length) answer(protocolVersion(0, unknown));
      const login = readLogin(packet.parameters);
      return 'severity' in login ? { kind: 'refused', error: login } : { kind: 'login', login };
    }
  }
  return undefined;
}

const PROTOCOL_OPTION = '_pq_.';

/** The superuser as whom everybody works, unless the given name is that of another role. */
export const OWNER = 'souk';
export const DATABASE = 'souk';

function readLogin(parameters: ReadonlyMap<string, string>): Login | ErrorFields {
  const user = parameters.get('user');
  if (!user) return fatal('28000', 'no PostgreSQL user name specified in startup packet');
  if (wantsReplication(parameters.get('replication')))
    return fatal('0A000', 'replication is not supported by the embedded server');
  const database = parameters.get('database') || user;
  if (database !== DATABASE)
    return {
      ...fatal('3D000', `database "${database}" does not exist`),
      hint: `The embedded server has one database, ${DATABASE}. Use a schema instead.`,
    };
  const options = readOptions(parameters.get('options') ?? '');
  if (!Array.isArray(options)) return options;
  const own = [...parameters].filter(
    ([name]) => !NOT_SETTINGS.has(name) && !name.startsWith(PROTOCOL_OPTION),
  );
  return { user, settings: [...options, ...own].filter((setting) => !isDefaultEncoding(setting)) };
}

const NOT_SETTINGS = new Set(['user', 'database', 'options', 'replication']);

const fatal = (code: string, message: string): ErrorFields => ({ severity: 'FATAL', code, message });

const wantsReplication = (value: string | undefined): boolean =>
  value !== undefined && !/^(f|fa|fal|fals|false|n|no|of|off|0)$/i.test(value);

const isDefaultEncoding = ([name, value]: Setting): boolean =>
  name.toLowerCase() === 'client_encoding' && /^'?utf-?8'?$/i.test(value);

/** `-c name=value` or `--name=value`, with blanks in a value behind a backslash. */
function readOptions(text: string): Setting[] | ErrorFields {
  const words = [...text.matchAll(/(?:\\.|[^\s\\])+/g)].map(([word]) => word.replaceAll(/\\(.)/g, '$1'));
  const settings: Setting[] = [];
  while (words.length) {
    const word = words.shift() as string;
    const assignment = word === '-c' ? words.shift() : /^(?:-c|--)(.*)$/s.exec(word)?.[1];
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment ?? '') ?? [];
    if (name === undefined || value === undefined)
      return fatal('42601', `invalid command-line argument for server process: ${word}`);
    settings.push([name.replaceAll('-', '_'), value]);
  }
  return settings;
}
