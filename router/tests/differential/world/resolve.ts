/**
 * A world that answers for every schema: what a field of an object is follows from the object's type and id, the field
 * and its arguments alone. All subgraphs so agree with each other, and no data need be written down.
 */
import {
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { hash, oneIn, pick } from './chance.ts';
import { markNumber, markText } from './raw.ts';

export interface World {
  /** Another seed, another world. */
  seed: string;
  /** Odd JSON texts among the values. */
  isRaw: boolean;
  /** Fields that fail, as "Artist.bio" or "Artist-2.bio". */
  fails: ReadonlySet<string>;
  /** Entities that are not there, as "Artist-2". */
  missing: ReadonlySet<string>;
}

/** What objects are known by: an entity by type and number, any other by where it was found. */
const SELF = Symbol('self');

interface Thing {
  __typename: string;
  [SELF]: string;
  [field: string]: unknown;
}

const ENTITIES = 4;
const KEYS = ['id', 'sku', 'number'];

/** An entity as another subgraph speaks of it, with the fields that it sends along; null when it is missing. */
export function referenced(reference: { __typename: string }, world: World): Thing | null {
  const given = reference as unknown as Record<string, unknown>;
  const key = KEYS.map((name) => given[name]).find((value) => value !== undefined);
  const number = Number(/\d+$/.exec(String(key))?.[0] ?? 0);
  // Through an interface object the id alone tells the type.
  const named = /^([A-Z]\w*)-\d+$/.exec(String(given.id))?.[1];
  const self = `${named ?? reference.__typename}-${number}`;
  return world.missing.has(self) ? null : { ...reference, [SELF]: self };
}

export function resolveIn(world: World): GraphQLFieldResolver<Thing | undefined, unknown> {
  return (parent, args, _, info) => {
    const self = parent?.[SELF] ?? info.parentType.name;
    const { fieldName } = info;
    if (world.fails.has(`${info.parentType.name}.${fieldName}`) || world.fails.has(`${self}.${fieldName}`)) {
      throw new GraphQLError(`${self} has no ${fieldName}`, { extensions: { code: 'BROKEN', hint: self } });
    }
    const required = requiredBy(info, parent);
    if (required === undefined && parent && Object.hasOwn(parent, fieldName)) return parent[fieldName];
    const place = `${self}.${fieldName}${argsText(args)}${required ?? ''}`;
    return answerFor(info.returnType, { self, place, args, info, world });
  };
}

export function typeIn(value: unknown): string {
  return (value as Thing).__typename;
}

/** What a field with `@requires` was given, as text: its value follows from it. */
function requiredBy({ parentType, fieldName }: GraphQLResolveInfo, parent: Thing | undefined) {
  const directives = parentType.getFields()[fieldName]?.astNode?.directives ?? [];
  const fields = directives.find(({ name }) => name.value === 'requires')?.arguments?.[0]?.value;
  if (fields?.kind !== Kind.STRING || !parent) return undefined;
  return namesIn(fields.value)
    .map((name) => `${name}:${JSON.stringify(parent[name])}`)
    .join();
}

function namesIn(fields: string): string[] {
  const definition = parse(`{ ${fields} }`).definitions[0] as OperationDefinitionNode;
  return definition.selectionSet.selections.flatMap((node) =>
    node.kind === Kind.FIELD ? [node.name.value] : [],
  );
}

function argsText(args: Record<string, unknown>): string {
  return Object.keys(args).length === 0 ? '' : JSON.stringify(args);
}

interface Place {
  self: string;
  place: string;
  args: Record<string, unknown>;
  info: GraphQLResolveInfo;
  world: World;
}

function answerFor(type: GraphQLOutputType, at: Place): unknown {
  const chance = `${at.world.seed} ${at.place}`;
  if (isNonNullType(type)) return firmAnswerFor(type.ofType, at, chance);
  // A null at the root would leave nothing to look at.
  const isRoot = isRootType(at.info.parentType, at.info.schema) || at.self.startsWith('Query.echo');
  return !isRoot && oneIn(7, `null ${chance}`) ? null : firmAnswerFor(type, at, chance);
}

function isRootType(type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  return type === schema.getQueryType() || type === schema.getMutationType();
}

function firmAnswerFor(type: GraphQLOutputType, at: Place, chance: string): unknown {
  if (isNonNullType(type)) return firmAnswerFor(type.ofType, at, chance);
  if (isListType(type)) {
    const { first, ids } = at.args;
    const length = Array.isArray(ids)
      ? ids.length
      : typeof first === 'number'
        ? Math.min(first, 5)
        : hash(chance) % 4;
    return Array.from({ length }, (_, index) =>
      answerFor(type.ofType, { ...at, place: `${at.place}[${index}]` }),
    );
  }
  const named = getNamedType(type);
  if (isEnumType(named)) return pick(named.getValues(), chance).name;
  if (isAbstractType(named) || isObjectType(named)) return objectOf(named, at, chance);
  return leafOf(named.name, at, chance);
}

function objectOf(type: GraphQLOutputType & { name: string }, at: Place, chance: string): Thing | null {
  const { id } = at.args;
  const number = typeof id === 'string' ? Number(/\d+$/.exec(id)?.[0]) : 1 + (hash(chance) % ENTITIES);
  if (Number.isNaN(number)) return null;
  const asked = typeof id === 'string' ? /^([A-Z]\w*)-\d+$/.exec(id)?.[1] : undefined;
  const name = isAbstractType(type)
    ? (asked ?? pick(possible(type, at.info), `${number} ${chance}`))
    : type.name;
  const object = at.info.schema.getType(name);
  if (!isObjectType(object)) return null;
  const isEntity = object.astNode?.directives?.some((directive) => directive.name.value === 'key');
  // An interface object has entities of types that its subgraph does not know; the id names one.
  const isInterfaceObject = object.astNode?.directives?.some(({ name }) => name.value === 'interfaceObject');
  const self = isEntity
    ? `${isInterfaceObject ? pick(['Book', 'Film', 'Song'], chance) : name}-${number}`
    : at.place;
  return { __typename: name, [SELF]: self };
}

function possible(type: GraphQLAbstractType, { schema }: GraphQLResolveInfo): string[] {
  return schema
    .getPossibleTypes(type)
    .map(({ name }) => name)
    .sort();
}

const PLAIN = [
  '',
  'plain',
  'çà et là',
  'سوق',
  '𝄞 clef',
  'a "quoted" \\ path',
  'line\nbreak\ttab',
  '</script>',
  ' ',
];
const VALUES = [{ a: [1, { b: null }] }, [], {}, 'text', 0, false, [[[]]], { 'key with "quotes"': '𝄞' }];

function leafOf(type: string, { self, place, args, info, world }: Place, chance: string): unknown {
  const which = hash(`leaf ${chance}`);
  const number = Number(/\d+$/.exec(self)?.[0] ?? which % 100);
  const isRaw = world.isRaw && oneIn(3, `raw ${chance}`);
  const isKey = KEYS.includes(info.fieldName) || info.fieldName === 'code';
  if (isKey) return type === 'Int' ? number : info.fieldName === 'id' ? self : `${info.fieldName}-${self}`;
  // Says the arguments as they came in.
  if (info.fieldName === 'text' && self.startsWith('Query.echo')) return place;
  if (type === 'String')
    return isRaw ? markText('TEXTS', which) : oneIn(3, chance) ? pick(PLAIN, chance) : place;
  if (type === 'ID') return `id-${which % 100}`;
  if (type === 'Boolean') return which % 2 === 0;
  if (type === 'Int') return isRaw ? markNumber('INTS', which) : (which % 2001) - 1000;
  if (type === 'Float') return isRaw ? markNumber('FLOATS', which) : ((which % 20_001) - 10_000) / 16;
  if (type === 'Big') return isRaw ? markText('VALUES', 4 + (which % 2)) : which * 4096;
  if (type === 'Date') return `2026-01-${10 + (which % 20)}`;
  if (args.json !== undefined) return args.json;
  return isRaw ? markText('VALUES', which) : pick(VALUES, chance);
}
