/** What stands in for what Apollo's plans have no words for: see in-apollos-form.ts. */
import type { AskSubgraph } from '../../execute/ask-subgraph.ts';
import type { AnswerError, Caller } from '../../execute/executor.ts';
import type { Path } from '../../plan/plan.ts';

/** Not one of the supergraph: it lists objects of the answer as it is so far. */
export const LISTS = 'lists';
/** No name in GraphQL begins so. */
export const LIST = '@list ';
export const SENT_AS = '# sent as ';
const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

type AnswerPath = readonly (string | number)[];
/** Where in the answer the objects of each list are, and the paths at which there are any. */
type Places = Map<string, { each: AnswerPath[]; paths: Path[] }>;
const placesFor = new WeakMap<Caller, Places>();

/** What it gets are the objects of the answer themselves, which later fetches bring more to. */
export const askLists: AskSubgraph = async ({ query, variables }, caller) => {
  if (!query.startsWith('{')) return { data: { __typename: query } };
  const { name, paths } = JSON.parse(query) as { name: string; paths: Path[] };
  const [root] = variables![REPRESENTATIONS] as [unknown];
  const places = placesFor.get(caller) ?? (new Map() as Places);
  placesFor.set(caller, places);
  try {
    const found = paths.map((path) => objectsAt(root, path, []));
    const each = found.flat().map(({ at }) => at);
    places.set(name, { each, paths: paths.filter((_, index) => found[index]!.length > 0) });
    return { data: { [ENTITIES]: [{ [name]: found.flat().map(({ object }) => object) }] } };
  } catch {
    // A list where none belongs, or the other way: the executor gives up over a list that is none.
    return { data: { [ENTITIES]: [{ [name]: {} }] } };
  }
};

function objectsAt(value: unknown, path: Path, at: AnswerPath): { object: unknown; at: AnswerPath }[] {
  if (value === null || value === undefined) return [];
  const [step, ...rest] = path;
  if (Array.isArray(value)) {
    // Lists at the end of a path are passed by, as the executor does it.
    const isEnd = path.every((other) => typeof other === 'object');
    if (!isEnd && step !== '@') throw new TypeError('A list where the plan says that none is');
    return value.flatMap((item, index) => objectsAt(item, isEnd ? path : rest, [...at, index]));
  }
  if (step === undefined) return [{ object: value, at }];
  if (step === '@') throw new TypeError('No list where the plan says that one is');
  const object = value as Record<string, unknown>;
  if (typeof step === 'object') {
    return step.types.includes(String(object.__typename)) ? objectsAt(object, rest, at) : [];
  }
  return Object.hasOwn(object, step) ? objectsAt(object[step], rest, [...at, step]) : [];
}

/** Errors in lists, told where the objects are in the answer. */
export function toldInPlace(errors: readonly AnswerError[], caller: Caller): AnswerError[] {
  return errors.flatMap((error) => {
    const [name, index, ...rest] = error.path ?? [];
    const places = placesFor.get(caller)?.get(String(name));
    if (!places) return error;
    if (typeof index === 'number') return { ...error, path: [...(places.each[index] ?? []), ...rest] };
    return places.paths.map((path) => {
      const keys = path.filter((step): step is string => typeof step === 'string');
      if (index !== undefined) return { ...error, path: [...keys, ...rest] };
      const list = keys.indexOf('@');
      return { ...error, path: list < 0 ? keys : keys.slice(0, list) };
    });
  });
}

/** Sends representations under the keys that the comment of their operation says. */
export function renaming(ask: AskSubgraph): AskSubgraph {
  return (request, caller) => {
    const { query, variables } = request;
    if (!query.startsWith(SENT_AS)) return ask(request, caller);
    const end = query.indexOf('\n');
    const names = new Map(JSON.parse(query.slice(SENT_AS.length, end)) as [string, string][]);
    const representations = (variables![REPRESENTATIONS] as object[]).map((one) =>
      Object.fromEntries(Object.entries(one).map(([key, value]) => [names.get(key) ?? key, value])),
    );
    const sent = { ...variables, [REPRESENTATIONS]: representations };
    return ask({ ...request, query: query.slice(end + 1), variables: sent }, caller);
  };
}
