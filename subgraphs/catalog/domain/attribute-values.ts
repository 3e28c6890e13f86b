/** Facts about products, held to what their attributes say. */

import { exhausted, invalid, notFound, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { singleLine } from '@souk/kit/values/text-values';
import type { AttributeDocument } from '../store/attribute-document.ts';
import type { AttributeFact } from '../store/product-document.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import type { CatalogRefusal, Path } from './refusals.ts';

const MAX_FACTS = 50;
const MAX_VALUES = 20;
const MAX_VALUE = 500;
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/;

export interface TypedFact {
  code: string;
  values: readonly string[];
}

/** The facts of `before` with those typed set, in their order; one with an empty list is taken off. */
export function mergeFacts(
  before: readonly AttributeFact[],
  typed: readonly TypedFact[],
  attributes: ReadonlyMap<string, AttributeDocument>,
  path: Path,
): Result<AttributeFact[], CatalogErrorCode> {
  const facts = new Map(before.map((fact) => [fact.code, fact.values]));
  const errors: CatalogRefusal[] = [];
  for (const [index, { code, values }] of typed.entries()) {
    if (values.length === 0) {
      facts.delete(code);
      continue;
    }
    const attribute = attributes.get(code);
    if (!attribute) {
      const message = `There is no attribute “${code}”`;
      errors.push(notFound('ATTRIBUTE_NOT_FOUND', message, [...path, index, 'code']));
      continue;
    }
    const checked = valuesOf(attribute, values);
    if (typeof checked === 'string') {
      errors.push(invalid('ATTRIBUTE_VALUE_INVALID', checked, [...path, index, 'values']));
    } else facts.set(code, checked);
  }
  if (facts.size > MAX_FACTS) {
    errors.push(exhausted('LIMIT_REACHED', `A product has at most ${MAX_FACTS} attributes`, path));
  }
  if (errors.length > 0) return refused(...errors);
  return ok([...facts].map(([code, values]) => ({ code, values })));
}

/** The values as they are kept, or what is wrong with them. */
function valuesOf(attribute: AttributeDocument, typed: readonly string[]): string[] | string {
  const { _id: code, isMultiple } = attribute;
  if (typed.length > 1 && !isMultiple) return `“${code}” takes one value`;
  if (typed.length > MAX_VALUES) return `“${code}” takes at most ${MAX_VALUES} values`;
  const values: string[] = [];
  for (const text of typed) {
    const value = singleLine(text, MAX_VALUE);
    if (value === undefined) return `Each value of “${code}” is one line of 1 to ${MAX_VALUE} characters`;
    const fault = faultOf(attribute, value);
    if (fault !== undefined) return fault;
    if (!values.includes(value)) values.push(value);
  }
  return values;
}

function faultOf({ _id: code, kind, unit, choices }: AttributeDocument, value: string): string | undefined {
  if (kind === 'NUMBER' && !NUMBER.test(value)) {
    return `“${code}” is a number such as 12.5${unit === null ? '' : `, in ${unit} but without it`}; “${value}” is none`;
  }
  if (kind === 'BOOLEAN' && value !== 'true' && value !== 'false') {
    return `“${code}” is true or false, not “${value}”`;
  }
  if (kind === 'CHOICE' && !choices?.includes(value)) {
    return `“${code}” is one of ${(choices ?? []).join(', ')}, not “${value}”`;
  }
  return undefined;
}
