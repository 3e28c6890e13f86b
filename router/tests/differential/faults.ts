/**
 * What a subgraph may do wrong, by name. A fault in the data is chosen by what the data is and not by where it stands or
 * how often it was asked for: two executors that ask in different ways meet the same faults.
 */
import type { TransportOutcome } from '../../execute/transport.ts';
import { oneIn } from './world/chance.ts';
import { withRaw } from './world/raw.ts';

export interface Fault {
  subgraph: string;
  kind: FaultName;
  /** Spoils another choice of places. */
  seed?: string;
}

/** Requests may be joined, with an alias for each list of entities: `_entities_0`, or `_e0` from the native planner. */
const ENTITIES = /^_(entities|e\d)/;
const isEntity = (key: string) => key.startsWith('[') && ENTITIES.test(key.slice(1));

type Json = unknown;
interface Sent {
  data?: Json;
  errors?: Json;
  extensions?: Json;
}

/** Some values are put wrong; the choice of them is the walk's. */
const VALUES: Record<string, (value: Json, key: string) => Json> = {
  'some fields null': () => null,
  'some fields missing': () => undefined,
  'some leaves null': (value) => (isObject(value) || Array.isArray(value) ? value : null),
  'some leaves missing': (value) => (isObject(value) || Array.isArray(value) ? value : undefined),
  'some texts numbers': (value) => (typeof value === 'string' ? 12.5 : value),
  'some numbers texts': (value) => (typeof value === 'number' ? String(value) : value),
  'some numbers fractions': (value) => (typeof value === 'number' ? value + 0.5 : value),
  'some numbers huge': (value) => (typeof value === 'number' ? 3e9 : value),
  'some flags texts': (value) => (typeof value === 'boolean' ? 'true' : value),
  'some leaves objects': (value) => (isObject(value) || Array.isArray(value) ? value : { value }),
  'some leaves lists': (value) => (isObject(value) || Array.isArray(value) ? value : [value]),
  'some objects texts': (value) => (isObject(value) ? 'text' : value),
  'some objects numbers': (value) => (isObject(value) ? 0 : value),
  'some objects empty': (value) => (isObject(value) ? {} : value),
  'some objects lists': (value) => (isObject(value) ? [value] : value),
  'some lists objects': (value) => (Array.isArray(value) ? { 0: value[0], length: 1 } : value),
  'some lists texts': (value) => (Array.isArray(value) ? 'text' : value),
  'some lists empty': (value) => (Array.isArray(value) ? [] : value),
  'some items null': (value) =>
    Array.isArray(value) ? value.map((item, i) => (i % 2 ? item : null)) : value,
  'some lists deeper': (value) => (Array.isArray(value) ? [value] : value),
  'some __typename unknown': (value, key) => (key === '__typename' ? 'Nobody' : value),
  'some __typename wrong': (value, key) => (key === '__typename' ? 'Query' : value),
  'some __typename null': (value, key) => (key === '__typename' ? null : value),
  'some __typename numbers': (value, key) => (key === '__typename' ? 7 : value),
  'some __typename missing': (value, key) => (key === '__typename' ? undefined : value),
  'some __typename empty': (value, key) => (key === '__typename' ? '' : value),
  'some entities null': (value, key) => (isEntity(key) ? null : value),
  'some entities texts': (value, key) => (isEntity(key) ? 'text' : value),
  'some entities empty': (value, key) => (isEntity(key) ? {} : value),
};

/** The whole answer is another one. */
const ANSWERS: Record<string, (answer: Sent) => Json> = {
  'data null': ({ errors }) => ({ data: null, ...(errors ? { errors } : {}) }),
  'data null, errors': () => ({
    data: null,
    errors: [{ message: 'all gone', extensions: { code: 'GONE' } }],
  }),
  'errors alone': () => ({ errors: [{ message: 'no', extensions: { code: 'NO', deep: { why: [1] } } }] }),
  'errors alone, many': () => ({ errors: [{ message: 'a' }, { message: 'b', path: ['x', 0] }, 'c', null] }),
  'no data': () => ({}),
  'data list': () => ({ data: [] }),
  'data text': () => ({ data: 'text' }),
  'data empty': () => ({ data: {} }),
  'errors object': ({ data }) => ({ data, errors: {} }),
  'errors empty': ({ data }) => ({ data, errors: [] }),
  'errors null': ({ data }) => ({ data, errors: null }),
  'a list': (answer) => [answer],
  'a number': () => 12,
  'null itself': () => null,
  'entities null': ({ data }) => ({ data: entitiesOf(data, () => null) }),
  'entities short': ({ data }) => ({ data: entitiesOf(data, (list) => list.slice(1)) }),
  'entities long': ({ data }) => ({ data: entitiesOf(data, (list) => [...list, null]) }),
  'entities object': ({ data }) => ({ data: entitiesOf(data, () => ({})) }),
  'extra fields': (answer) => ({
    extra: 1,
    ...answer,
    data: deep(answer.data, more),
    extensions: { x: [{}] },
  }),
  'fields reversed': (answer) => deep(answer, reversed),
  'errors first': ({ data, errors }) => ({ ...(errors ? { errors } : {}), data }),
  'an error without a path': (answer) => withError(answer, { extensions: { code: 'LOOSE' } }),
  'an error with an empty path': (answer) => withError(answer, { path: [], extensions: { code: 'ROOT' } }),
  'an error at a field': (answer) =>
    withErrors(
      answer,
      fields(answer.data).map((path) => ({ path })),
    ),
  'an error at nothing': (answer) => withError(answer, { path: ['nowhere', 3, 'x'] }),
  'an error with a text for a path': (answer) => withError(answer, { path: 'name' }),
  'an error with an odd path': (answer) => withError(answer, { path: [null, {}] }),
  'an error with null for a path': (answer) => withError(answer, { path: null }),
  'an error at the entities': (answer) =>
    withErrors(
      answer,
      lists(answer.data).map((name) => ({ path: [name] })),
    ),
  'an error at all entities': (answer) =>
    withErrors(
      answer,
      lists(answer.data).map((name) => ({ path: [name, 'all', 'x'] })),
    ),
  'an error without a message': ({ data }) => ({ data, errors: [{ extensions: { code: 'MUTE' } }] }),
  'an error with odd extensions': (answer) => withError(answer, { extensions: 'text' }),
  'an error with a number for a code': (answer) => withError(answer, { extensions: { code: 5 } }),
  'an error that names a service': (answer) =>
    withError(answer, {
      extensions: { code: 'X', service: 'other', serviceName: 'o', stacktrace: ['at x'] },
    }),
};

/** The text is spoilt, or the same in other letters. */
const TEXTS: Record<string, (text: string) => string | Buffer> = {
  nothing: () => '',
  spaces: () => '  \n ',
  HTML: () => '<html><body>Bad gateway</body></html>',
  half: (text) => text.slice(0, text.length / 2),
  'all but the last byte': (text) => text.slice(0, -1),
  'garbage behind': (text) => `${text}}`,
  'another answer behind': (text) => `${text}\n${text}`,
  'a byte order mark': (text) => `\ufeff${text}`,
  'spaces around': (text) => `\n\t ${text}\r\n `,
  'spaces within': (text) => spaced(text),
  'keys escaped': (text) => text.replace(/"(\w)(\w*)":/g, (_, first, rest) => `"\\u00${hex(first)}${rest}":`),
  'keys twice': (text) =>
    text.replace(/"(\w+)":/g, (key, name) => (name === 'data' ? key : `${key}[0,"x"],${key}`)),
  'data twice': (text) => text.replace('{', '{"data":{"spoilt":true},'),
  'texts escaped': (text) => text.replace(/:"([a-z])/g, (_, first) => `:"\\u00${hex(first)}`),
  'a comma too many': (text) => text.replace(/}$/, ',}'),
  NaN: (text) => text.replace(/:-?\d[\d.]*/g, ':NaN'),
  'leading zeros': (text) => text.replace(/:(\d)/g, ':0$1'),
  'single quotes': (text) => text.replaceAll('"', "'"),
  'a raw line break in texts': (text) => text.replace(/:"(\w)/g, ':"\n$1'),
  'bytes that are no UTF-8': (text) => Buffer.from(text.replace(/:"(\w)/g, ':"\u00ff$1'), 'latin1'),
  'numbers with exponents': (text) => text.replace(/:(\d+)(?=[,}\]])/g, ':$1e0'),
  'numbers with fractions': (text) => text.replace(/:(\d+)(?=[,}\]])/g, ':$1.0'),
};

/** What is no answer at all, or one in another state. */
const OUTCOMES: Record<string, (body: Buffer) => TransportOutcome> = {
  unreachable: () => ({ ok: false, fault: 'unreachable', detail: 'connect ECONNREFUSED' }),
  'too large': () => ({ ok: false, fault: 'too large', detail: 'more than 9 bytes' }),
  'HTTP 500 with a good answer': (body) => ({ ok: true, status: 500, body }),
  'HTTP 500 with HTML': () => ({ ok: true, status: 500, body: Buffer.from('<h1>500</h1>') }),
  'HTTP 401 with errors': () => ({
    ok: true,
    status: 401,
    body: Buffer.from('{"errors":[{"message":"who?","extensions":{"code":"UNAUTHENTICATED"}}]}'),
  }),
  'HTTP 204': () => ({ ok: true, status: 204, body: Buffer.alloc(0) }),
  'a text in place of bytes': (body) => ({ ok: true, status: 200, body: body.toString() }),
};

/** Faults after which no executor could say where the error belongs: that it is told must do. */
export const PLACELESS: readonly FaultName[] = [
  'an error at nothing',
  'an error with an empty path',
  'errors alone, many',
];

export const FAULTS = { VALUES, ANSWERS, TEXTS, OUTCOMES };
export type FaultName = string;
export const FAULT_NAMES: readonly FaultName[] = Object.values(FAULTS).flatMap((group) => Object.keys(group));

export function send(answer: Sent, fault: Fault | undefined): TransportOutcome {
  const kind = fault?.kind ?? '';
  const spoil = VALUES[kind];
  const spoilt = spoil ? { ...answer, data: spoilSome(answer.data, spoil, fault?.seed ?? '') } : answer;
  const text = withRaw(JSON.stringify(ANSWERS[kind]?.(answer) ?? (kind === 'null itself' ? null : spoilt)));
  const body = TEXTS[kind]?.(text) ?? text;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return OUTCOMES[kind]?.(bytes) ?? { ok: true, status: 200, body: bytes };
}

function spoilSome(data: Json, spoil: (value: Json, key: string) => Json, seed: string): Json {
  const walk = (value: Json, key: string): Json => {
    const isChosen =
      !ENTITIES.test(key) && oneIn(3, `${seed} ${isEntity(key) ? 'entity' : key} ${known(value)}`);
    const changed = isChosen ? spoil(value, key) : value;
    if (changed !== value) return changed;
    if (Array.isArray(value)) return value.map((item) => walk(item, `[${key}]`));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
  };
  const plain = (name: string) => (ENTITIES.test(name) ? '_entities' : name);
  return isObject(data)
    ? Object.fromEntries(Object.entries(data).map(([name, value]) => [name, walk(value, plain(name))]))
    : data;
}

/** The same text whatever order its fields came in, and whether its type was asked for. */
function known(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(known).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => name !== '__typename');
  return `{${names.sort().map((name) => `${name}:${known(value[name])}`)}}`;
}

function deep(value: Json, change: (value: Record<string, Json>) => Record<string, Json>): Json {
  if (Array.isArray(value)) return value.map((item) => deep(item, change));
  if (!isObject(value)) return value;
  return change(
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deep(inner, change)])),
  );
}

function more(value: Record<string, Json>): Record<string, Json> {
  return { zero: [{ id: 1 }], ...value, toString: null, __proto: { name: 'x' } };
}

function reversed(value: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(value).reverse());
}

function entitiesOf(data: Json, change: (list: Json[]) => Json): Json {
  if (!isObject(data)) return data;
  const changed = (name: string, value: Json) =>
    ENTITIES.test(name) && Array.isArray(value) ? change(value) : value;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, changed(name, value)]));
}

function withError(answer: Sent, error: object): Sent {
  return withErrors(answer, [error]);
}

function withErrors(answer: Sent, errors: readonly object[]): Sent {
  const odd = errors.map((error) => ({ message: 'odd', ...error }));
  return odd.length === 0 ? answer : { ...answer, errors: [...((answer.errors as Json[]) ?? []), ...odd] };
}

function lists(data: Json): string[] {
  return isObject(data) ? Object.keys(data).filter((name) => ENTITIES.test(name)) : [];
}

/** A leaf of one entity, in whatever order they were asked for and wherever it stands; of an answer without entities, its first leaf. */
function fields(data: Json): (string | number)[][] {
  const names = lists(data);
  if (names.length === 0 || !isObject(data)) return [firstPath(data)];
  return names.flatMap((name) => {
    const entities = data[name] as Json[];
    const [chosen] = entities.map(known).sort();
    const same = entities.flatMap((entity, index) => (known(entity) === chosen ? [index] : []));
    return same.map((index) => [name, index, ...firstPath(entities[index])]);
  });
}

/** The way to the first leaf. */
function firstPath(value: Json): (string | number)[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : [0, ...firstPath(value[0])];
  if (!isObject(value)) return [];
  const [name] = Object.keys(value);
  return name === undefined ? [] : [name, ...firstPath(value[name])];
}

function spaced(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) =>
    token[0] === '"' ? token : ` \n${token}\t\r `,
  );
}

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0');
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
