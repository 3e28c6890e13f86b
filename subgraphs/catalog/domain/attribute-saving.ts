/** Attributes: made, and changed as far as the products that carry them allow. */

import { violatedUnique } from '@souk/kit/errors/store-faults';
import { conflict, ok, refused } from '@souk/kit/errors/user-errors';
import { singleLine } from '@souk/kit/values/text-values';
import type { AttributeDocument, AttributeKind } from '../store/attribute-document.ts';
import { findAttributes, insertAttribute, updateAttribute } from '../store/attributes.ts';
import { findCarrier, isFactInUse } from '../store/products.ts';
import { outgoing } from './outgoing.ts';
import { type CatalogRefusal, invalidValue, type Outcome, type Path, versionConflict } from './refusals.ts';
import type { Actor, Services } from './services.ts';
import { isSlug } from './slugs.ts';

const MAX_CODE = 50;
const MAX_LABEL = 80;
const MAX_UNIT = 20;
const MAX_CHOICES = 500;
const MAX_CHOICE = 100;

export interface TypedAttribute {
  code: string;
  label: string;
  kind: AttributeKind;
  unit?: string | null | undefined;
  choices?: readonly string[] | null | undefined;
  isMultiple?: boolean | null | undefined;
  isFacet?: boolean | null | undefined;
  expectedVersion?: number | null | undefined;
}

export async function saveAttribute(
  services: Services,
  actor: Actor,
  typed: TypedAttribute,
): Promise<Outcome<AttributeDocument>> {
  const { collections } = services;
  const errors: CatalogRefusal[] = [];
  const wanted = checkAttribute(typed, errors);
  if (errors.length > 0) return refused(...errors);
  const [before] = await findAttributes(collections, [wanted._id]);
  // Whoever leaves the version out believes that the code is new.
  if (before?.version !== (typed.expectedVersion ?? undefined)) return versionConflict(before);
  const next = { ...wanted, version: (before?.version ?? 0) + 1 };
  const event = outgoing(services, actor, {
    type: 'catalog.attribute.saved',
    data: { code: next._id, version: next.version },
  });
  if (!before) {
    try {
      await insertAttribute(collections, { ...next, events: [event] });
      services.attributes.remember(next);
      return ok(next);
    } catch (error) {
      // Two made it at once; the other was first.
      if (violatedUnique(error) === undefined) throw error;
      return versionConflict((await findAttributes(collections, [wanted._id]))[0]);
    }
  }
  const inUse = await standsInTheWay(services, before, next);
  if (inUse) return { ...refused(inUse), current: before };
  if (await updateAttribute(collections, before, next, event)) {
    services.attributes.remember(next);
    return ok(next);
  }
  return versionConflict((await findAttributes(collections, [wanted._id]))[0]);
}

function checkAttribute(typed: TypedAttribute, errors: CatalogRefusal[]): Omit<AttributeDocument, 'version'> {
  const fault = (message: string, ...field: Path) => void errors.push(invalidValue(message, field));
  const { code, kind } = typed;
  if (!isSlug(code) || code.length > MAX_CODE) {
    fault(`A code has 1 to ${MAX_CODE} small letters and digits, with single hyphens between them`, 'code');
  }
  const label = singleLine(typed.label, MAX_LABEL);
  if (label === undefined) fault(`The label is one line of 1 to ${MAX_LABEL} characters`, 'label');
  const typedUnit = typed.unit ?? undefined;
  const unit = typedUnit === undefined ? null : (singleLine(typedUnit, MAX_UNIT) ?? null);
  if (typedUnit !== undefined && unit === null)
    fault(`The unit is one line of 1 to ${MAX_UNIT} characters`, 'unit');
  if (unit !== null && kind !== 'NUMBER') fault('Only a NUMBER has a unit', 'unit');
  if (kind === 'BOOLEAN' && typed.isMultiple) fault('A BOOLEAN has one value', 'isMultiple');
  return {
    _id: code,
    label: label ?? '',
    kind,
    unit,
    choices: checkChoices(typed, fault),
    isMultiple: typed.isMultiple ?? false,
    isFacet: typed.isFacet ?? false,
  };
}

function checkChoices(
  { kind, choices }: TypedAttribute,
  fault: (message: string, ...field: Path) => void,
): string[] | null {
  if (kind !== 'CHOICE') {
    if (choices && choices.length > 0) fault('Only a CHOICE has choices', 'choices');
    return null;
  }
  if (!choices || choices.length === 0 || choices.length > MAX_CHOICES) {
    fault(`A CHOICE has 1 to ${MAX_CHOICES} choices`, 'choices');
    return null;
  }
  const lines = choices.map((choice) => singleLine(choice, MAX_CHOICE));
  const bad = lines.indexOf(undefined);
  if (bad >= 0) fault(`A choice is one line of 1 to ${MAX_CHOICE} characters`, 'choices', bad);
  if (new Set(lines).size < lines.length) fault('A choice stands there twice', 'choices');
  return lines as string[];
}

/** What products carry must still fit. */
async function standsInTheWay(
  { collections }: Services,
  before: AttributeDocument,
  next: AttributeDocument,
): Promise<CatalogRefusal | undefined> {
  const code = before._id;
  const inUse = (message: string, field: string) => conflict('ATTRIBUTE_IN_USE', message, field);
  const narrows =
    before.kind !== next.kind ? 'kind' : before.isMultiple && !next.isMultiple ? 'isMultiple' : undefined;
  if (narrows) {
    const carrier = await findCarrier(collections, code);
    if (carrier)
      return inUse(
        `Products carry “${code}”, “${carrier.title}” for one; this cannot change any more`,
        narrows,
      );
  }
  const dropped = (before.choices ?? []).filter((choice) => next.choices && !next.choices.includes(choice));
  if (dropped.length === 0) return undefined;
  const carried = await isFactInUse(
    collections,
    dropped.map((choice) => `${code}=${choice}`),
  );
  if (carried === undefined) return undefined;
  return inUse(
    `Products carry the choice “${carried.slice(code.length + 1)}”; it cannot be taken away`,
    'choices',
  );
}
