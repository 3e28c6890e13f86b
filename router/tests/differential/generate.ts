/** Operations by chance, valid against a schema: fragments, aliases, conditions, arguments, variables of every kind. */
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** A whole number from 0 up to, not including, the bound. */
export type Draw = (bound: number) => number;

export interface Generated {
  query: string;
  variables: Record<string, unknown>;
}

/** Some are names of keys, and of what `@requires` names. */
const ALIASES = [
  'a',
  'b',
  '__proto__',
  'constructor',
  'toString',
  'then',
  '_entities',
  'id',
  'weight',
  'name',
];
const TEXTS = ['', 'x', 'é "q" \\', '𝄞', '\u2028'];
const FLOATS = [0, 1, -2.5, 1e21, 3e-7];

export function generate(schema: GraphQLSchema, draw: Draw): Generated {
  const declared: string[] = [];
  const variables: Record<string, unknown> = {};
  const fragments: string[] = [];
  /** What a response name stands for; a second meaning might clash, so that it gets a name of its own. */
  const meanings = new Map<string, string>();
  let room = 40;

  const isMutation = schema.getMutationType() !== undefined && draw(12) === 0;
  const root = isMutation ? schema.getMutationType()! : schema.getQueryType()!;
  const selections = selectionSet(root, 0);
  const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
  const query = `${isMutation ? 'mutation' : 'query'} Q${head} ${selections}\n${fragments.join('\n')}`;
  return { query, variables };

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + draw(depth === 0 ? 4 : 5);
    const parts = Array.from({ length: count }, () => selection(type, depth)).filter((part) => part !== '');
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    const kind = draw(10);
    if (kind === 0) return named('__typename', 'String', '');
    if (depth > 0 && (isUnionType(type) || kind < (isObjectType(type) ? 2 : 5))) return fragment(type, depth);
    if (depth === 0 && !isMutation && kind === 1 && draw(3) === 0) return introspection();
    if (isUnionType(type)) return '__typename';
    const fields = Object.values(type.getFields());
    // Leaves where it is deep already, or an operation would have no end.
    const fitting = fields.filter(
      (field) => !isCompositeType(getNamedType(field.type)) || (depth < 6 && room > 0),
    );
    return fitting.length === 0 ? '__typename' : fieldOf(fitting[draw(fitting.length)]!, depth);
  }

  function fieldOf(field: GraphQLField<unknown, unknown>, depth: number): string {
    room--;
    const args = field.args.map(argument).filter((arg) => arg !== '');
    const shown = `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}`;
    const type = getNamedType(field.type);
    const below = isCompositeType(type) ? ` ${selectionSet(type, depth + 1)}` : '';
    return `${named(shown, String(field.type), condition())}${below}`;
  }

  function named(shown: string, type: string, directive: string): string {
    const field = /^\w+/.exec(shown)![0];
    const meaning = `${shown} ${type}`;
    const wanted = draw(5) === 0 ? ALIASES[draw(ALIASES.length)]! : field;
    let name = wanted;
    for (let n = 2; (meanings.get(name) ?? meaning) !== meaning; n++) name = `${wanted}${n}`;
    meanings.set(name, meaning);
    return `${name === field ? '' : `${name}: `}${shown}${directive}`;
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const conditions = overlapping(type);
    const on = conditions[draw(conditions.length)]!;
    if (draw(3) > 0 || fragments.length > 5) {
      const shown = on === type && draw(2) === 0 ? '...' : `... on ${on.name}`;
      return `${shown}${condition()} ${selectionSet(on, depth + 1)}`;
    }
    const name = `F${fragments.length}`;
    fragments.push('');
    fragments[Number(name.slice(1))] = `fragment ${name} on ${on.name} ${selectionSet(on, depth + 1)}`;
    return `...${name}${condition()}${draw(4) === 0 ? ` ...${name}` : ''}`;
  }

  function overlapping(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const possible = (one: GraphQLCompositeType) =>
      isObjectType(one) ? [one] : schema.getPossibleTypes(one);
    const own = new Set(possible(type));
    return Object.values(schema.getTypeMap()).filter(
      (one): one is GraphQLCompositeType =>
        isCompositeType(one) && !one.name.startsWith('__') && possible(one).some((object) => own.has(object)),
    );
  }

  function condition(): string {
    if (draw(5) > 0) return '';
    const kind = draw(2) === 0 ? 'skip' : 'include';
    const one = ` @${kind}(if: ${draw(3) === 0 ? String(draw(2) === 0) : variable('Boolean!', draw(2) === 0)})`;
    return draw(6) === 0 ? `${one} @${kind === 'skip' ? 'include' : 'skip'}(if: ${draw(2) === 0})` : one;
  }

  function introspection(): string {
    const inner = '__type(name: "Query") { kind name }';
    return draw(2) === 0 ? named(inner, 'Type', '') : named('__schema { queryType { name } }', 'Schema', '');
  }

  function variable(type: string, value: unknown): string {
    const name = `v${declared.length}`;
    const hasDefault = type === 'Boolean!' && draw(3) === 0;
    declared.push(`$${name}: ${type}${hasDefault ? ' = true' : ''}`);
    if (!hasDefault || draw(2) === 0) variables[name] = value;
    return `$${name}`;
  }

  function argument(arg: GraphQLArgument): string {
    const isNeeded = isNonNullType(arg.type) && arg.defaultValue === undefined;
    if (!isNeeded && draw(2) === 0) return '';
    if (draw(2) === 0) return `${arg.name}: ${literal(arg.type)}`;
    const name = variable(String(arg.type), undefined);
    if (isNonNullType(arg.type) || draw(3) > 0) variables[name.slice(1)] = value(arg.type);
    else delete variables[name.slice(1)];
    return `${arg.name}: ${name}`;
  }

  function literal(type: GraphQLInputType): string {
    return written(type, value(type));
  }

  function written(type: GraphQLInputType, given: unknown): string {
    if (given === null) return 'null';
    if (isNonNullType(type)) return written(type.ofType, given);
    if (isListType(type)) {
      const list = Array.isArray(given) ? given : [given];
      return `[${list.map((item) => written(type.ofType, item)).join(', ')}]`;
    }
    if (isEnumType(type)) return String(given);
    if (isInputObjectType(type)) {
      const entries = Object.entries(given as object);
      return `{ ${entries.map(([name, one]) => `${name}: ${written(type.getFields()[name]!.type, one)}`).join(', ')} }`;
    }
    return typeof given === 'object' ? '{ a: [1, null] }' : JSON.stringify(given);
  }

  function value(type: GraphQLInputType, depth = 0): unknown {
    if (isNonNullType(type)) return firm(type.ofType, depth);
    return draw(6) === 0 ? null : firm(type, depth);
  }

  function firm(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return firm(type.ofType, depth);
    if (isListType(type)) {
      return Array.from({ length: depth > 2 ? 0 : draw(3) }, () => value(type.ofType, depth + 1));
    }
    if (isEnumType(type)) return type.getValues()[draw(type.getValues().length)]!.name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth < 3 && draw(2) === 0),
      );
      return Object.fromEntries(fields.map((field) => [field.name, value(field.type, depth + 1)]));
    }
    if (type.name === 'Int') return draw(6);
    if (type.name === 'Float') return FLOATS[draw(FLOATS.length)];
    if (type.name === 'Boolean') return draw(2) === 0;
    if (type.name === 'ID') return String(draw(6));
    if (type.name === 'JSON') return draw(2) === 0 ? { a: [1, null] } : 7;
    return type.name === 'Big' ? draw(1000) * 1e12 : TEXTS[draw(TEXTS.length)];
  }
}
