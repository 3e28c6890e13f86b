/** What operations may cost, `<folder>/<client>/budgets.json`, and how often they are asked, the usage file. */
import { InputError } from '../input-error.ts';
import type { Source } from '../source.ts';
import { type Budget, operationKey, type Usage } from './types.ts';

type Json = Record<string, unknown>;

export async function readBudgets(source: Source, folder: string) {
  const budgets = new Map<string, Budget>();
  const budgetFiles = new Map<string, string>();
  for (const file of await source.list(folder)) {
    if (!file.endsWith('/budgets.json')) continue;
    const [client] = file.slice(folder.replace(/\/?$/, '/').length).split('/');
    const text = (await source.read(file)) ?? '';
    budgetFiles.set(client!, file);
    for (const [name, budget] of Object.entries(parseJson(text, file, source.name))) {
      if (!isObject(budget)) throw shapeError(file, source.name, `${name} is not an object`);
      budgets.set(operationKey({ client: client!, name }), {
        file,
        line: lineOf(text, name),
        variables: isObject(budget.variables) ? budget.variables : {},
        ...figure(budget, 'subgraphFetches', name, file, source.name),
        ...figure(budget, 'depth', name, file, source.name),
        ...figure(budget, 'cost', name, file, source.name),
      });
    }
  }
  return { budgets, budgetFiles };
}

export async function readUsage(source: Source, file: string): Promise<Usage> {
  const text = await source.read(file);
  if (text === undefined)
    throw new InputError(`${source.name} has no usage file ${file}: correct the path, or leave it out.`);
  const usage = new Map<string, number>();
  for (const [client, operations] of Object.entries(parseJson(text, file, source.name))) {
    if (!isObject(operations))
      throw shapeError(file, source.name, `${client} is not an object of counts by operation`);
    for (const [name, count] of Object.entries(operations)) {
      if (typeof count !== 'number')
        throw shapeError(file, source.name, `the count of ${client}/${name} is not a number`);
      usage.set(operationKey({ client, name }), count);
    }
  }
  return usage;
}

function figure(
  budget: Json,
  name: 'subgraphFetches' | 'depth' | 'cost',
  of: string,
  file: string,
  where: string,
) {
  const value = budget[name];
  if (value === undefined) return {};
  if (typeof value !== 'number') throw shapeError(file, where, `${name} of ${of} is not a number`);
  return { [name]: value };
}

function parseJson(text: string, file: string, where: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The file's fault.
    throw new InputError(`${file} in ${where} is not JSON: ${(error as Error).message}. Correct it there.`);
  }
  if (!isObject(value)) throw shapeError(file, where, 'it is not an object');
  return value;
}

const shapeError = (file: string, where: string, what: string) =>
  new InputError(`${file} in ${where} is not as expected: ${what}. Correct it.`);

const lineOf = (text: string, key: string): number => {
  const at = text.indexOf(JSON.stringify(key));
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
