/** What the command line says; every fault is told with what to do. */
import { parseArgs } from 'node:util';
import { InputError } from '../input-error.ts';
import { FAIL_ON, type FailOn, FORMATS, type Format, SETTINGS_FILE } from '../vocabulary.ts';

export interface CheckArguments {
  command: 'check';
  base?: string;
  head?: string;
  config: string;
  usage?: string;
  /** Without a file: to standard output. */
  outputs: { format: Format; file?: string }[];
  failOn?: FailOn;
  all: boolean;
  sideBySide?: string;
  cache: boolean;
}

export interface DocArguments {
  command: 'doc';
  head?: string;
  config: string;
  output: string;
  cache: boolean;
}

export type Arguments =
  | CheckArguments
  | DocArguments
  | { command: 'explain'; code: string }
  | { command: 'help' }
  | { command: 'version' };

export const USAGE = `schema-review [check] [options]     what a change of the schema does
schema-review doc [options]         one HTML page of the supergraph

Reads supergraph.yaml and the operations beside it; ${SETTINGS_FILE} says otherwise, if there is one.

  --base REF|FOLDER      what to compare with       (default: where this branch left main)
  --head FOLDER|REF      what is reviewed           (default: this folder)
  --format FORMAT[=FILE] ${FORMATS.join(', ')}; may be given several times
  --output FILE          where a single format, or the page, is written
  --fail-on LEVEL        ${FAIL_ON.join(', ')}    (default: ${FAIL_ON[0]})
  --all                  also what is safe, and rules that were broken before
  --side-by-side NAME    the plans of an operation, before and after
  --usage FILE           JSON: requests by client and operation
  --config FILE          settings                   (default: ${SETTINGS_FILE})
  --no-cache             keep and reuse nothing
  --explain CODE         what a code means, and how to mend it; "all" lists them
  --version, --help

Exit 0: nothing at or above the bar. 1: something is. 2: it does not compose, or the input is bad. 3: a fault of this tool.
`;

const OPTIONS = {
  base: { type: 'string' },
  head: { type: 'string' },
  format: { type: 'string', multiple: true },
  output: { type: 'string', short: 'o' },
  'fail-on': { type: 'string' },
  all: { type: 'boolean' },
  'side-by-side': { type: 'string' },
  usage: { type: 'string' },
  config: { type: 'string' },
  'no-cache': { type: 'boolean' },
  explain: { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  if (values.explain !== undefined) return { command: 'explain', code: values.explain };
  for (const [name, value] of Object.entries(values)) {
    if (value === '')
      throw new InputError(`--${name} is given nothing: name what it needs, or leave it out.`);
  }
  const [command = 'check', ...rest] = positionals;
  if (rest.length > 0 || !['check', 'doc'].includes(command)) {
    throw new InputError(
      `${rest[0] ?? command} is not a command: there are "check" and "doc"; a base is named with --base.`,
    );
  }
  const config = values.config ?? SETTINGS_FILE;
  const common = { config, cache: !values['no-cache'], ...given('head', values.head) };
  if (command === 'doc') return { command, ...common, output: docOutput(values) };
  return {
    command: 'check',
    ...common,
    outputs: outputsOf(values.format ?? ['terminal'], values.output),
    all: values.all ?? false,
    ...given('base', values.base),
    ...given('usage', values.usage),
    ...given('failOn', values['fail-on'] === undefined ? undefined : failOn(values['fail-on'])),
    ...given('sideBySide', values['side-by-side']),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // parseArgs names the flag and what is wrong with it.
    const [what] = (error as Error).message.split('. ');
    throw new InputError(`${what}: --help lists the options.`);
  }
}

function docOutput({ output, ...others }: Record<string, unknown>): string {
  for (const name of ['base', 'format', 'fail-on', 'all', 'side-by-side', 'usage']) {
    if (name in others) throw new InputError(`--${name} means nothing to doc: leave it out, or run check.`);
  }
  return typeof output === 'string' ? output : 'schema.html';
}

function outputsOf(formats: readonly string[], output: string | undefined): CheckArguments['outputs'] {
  const outputs = formats.map((text) => {
    const [format = '', ...file] = text.split('=');
    if (!isFormat(format)) {
      throw new InputError(`--format ${format} is not known: take one of ${FORMATS.join(', ')}.`);
    }
    return { format, ...(file.length > 0 && { file: file.join('=') }) };
  });
  if (output !== undefined) {
    const [only, second] = outputs;
    if (second || only?.file !== undefined) {
      throw new InputError(
        '--output is for a single format: with several, say --format FORMAT=FILE for each.',
      );
    }
    return [{ ...only!, file: output }];
  }
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new InputError(
      'two formats go to standard output: say --format FORMAT=FILE for all but one of them.',
    );
  }
  return outputs;
}

function failOn(text: string): FailOn {
  const found = FAIL_ON.find((one) => one === text);
  if (found) return found;
  throw new InputError(`--fail-on ${text} is not known: take one of ${FAIL_ON.join(', ')}.`);
}

const isFormat = (text: string): text is Format => (FORMATS as readonly string[]).includes(text);

const given = <K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [name in K]?: V };
