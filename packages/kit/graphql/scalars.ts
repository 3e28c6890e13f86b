/** The scalars of the contract, parsed strictly: what is nearly right is refused with a word on how to write it. */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isCountryCode } from '../values/countries.ts';
import { isCurrencyCode } from '../values/currencies.ts';
import { formatAmount, type Money } from '../values/money.ts';

const MAX_URL_LENGTH = 2_048;
const MAX_DECIMAL_LENGTH = 40;
/** PostgreSQL has no year 0. */
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const EVENT_CURSOR = /^[A-Za-z0-9_.:~-]{1,256}$/;

export function parseInstant(text: string): Date | undefined {
  const time = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  const instant = new Date(time);
  // Date takes February 30 for March 2.
  return instant.toISOString().slice(0, 19) === text.slice(0, 19) ? instant : undefined;
}

export function isDay(text: string): boolean {
  return DAY.test(text) && parseInstant(`${text}T00:00:00Z`) !== undefined;
}

export function isDecimal(text: string): boolean {
  return text.length <= MAX_DECIMAL_LENGTH && DECIMAL.test(text);
}

export function isWebUrl(text: string): boolean {
  if (text.length > MAX_URL_LENGTH || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/** A scalar that travels as a string. `parse` answers nothing for what it refuses. */
function textScalar<Value>(
  name: string,
  like: string,
  parse: (text: string) => Value | undefined,
  serialize: (value: unknown) => string,
): GraphQLScalarType<Value, string> {
  const read = (value: unknown, node?: ValueNode): Value => {
    const parsed = typeof value === 'string' ? parse(value) : undefined;
    if (parsed !== undefined) return parsed;
    throw new GraphQLError(`${name} must be written like ${like}`, node ? { nodes: [node] } : {});
  };
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined, node),
  });
}

/** A store that hands out something malformed has a fault; nobody is to see it as data. */
function checked(name: string, isValid: (text: string) => boolean): (value: unknown) => string {
  return (value) => {
    if (typeof value === 'string' && isValid(value)) return value;
    throw new Error(
      `a resolver answered ${typeof value === 'string' ? `"${value}"` : typeof value} for ${name}`,
    );
  };
}

/** Refused or passed through as it is. */
function checkedScalar(name: string, like: string, isValid: (text: string) => boolean) {
  const parse = (text: string) => (isValid(text) ? text : undefined);
  return textScalar<string>(name, like, parse, checked(name, isValid));
}

export const DateTimeScalar = textScalar<Date>(
  'DateTime',
  '"2026-03-01T12:00:00.000Z"',
  parseInstant,
  (value) => {
    // Stores hand out dates, or texts that PostgreSQL and JSON made of them.
    const instant = value instanceof Date ? value : new Date(String(value));
    return instant.toISOString();
  },
);
export const DateScalar = checkedScalar('Date', '"2026-03-01"', isDay);
export const URLScalar = checkedScalar('URL', '"https://example.com/path"', isWebUrl);
export const DecimalScalar = checkedScalar('Decimal', '"19.90", as a string', isDecimal);
export const CurrencyCodeScalar = checkedScalar('CurrencyCode', '"EUR", a code of ISO 4217', isCurrencyCode);
export const CountryCodeScalar = checkedScalar('CountryCode', '"DE", a code of ISO 3166-1', isCountryCode);
export const EventCursorScalar = checkedScalar('EventCursor', 'the `cursor` of a payload', (text) =>
  EVENT_CURSOR.test(text),
);

export const JSONScalar = new GraphQLScalarType({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => jsonOf(node, variables ?? {}),
});

function jsonOf(node: ValueNode, variables: Record<string, unknown>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => jsonOf(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, jsonOf(value, variables)]));
    case Kind.VARIABLE:
      return variables[node.name.value];
    default:
      return node.value;
  }
}

/** By the names that SDL files use. */
export const SCALARS: ReadonlyMap<string, GraphQLScalarType> = new Map(
  [
    DateTimeScalar,
    DateScalar,
    URLScalar,
    DecimalScalar,
    CurrencyCodeScalar,
    CountryCodeScalar,
    EventCursorScalar,
    JSONScalar,
  ].map((scalar) => [scalar.name, scalar as GraphQLScalarType]),
);

/** For `type Money` in a room's resolvers; its parent is a `Money` of money.ts. */
export const moneyResolvers = {
  amount: (money: Money) => formatAmount(money),
  currency: (money: Money) => money.currency,
};
