/** $set, $setOnInsert, $unset, $min, $max, $currentDate. */
import { badValue } from '../errors.ts';
import type { Collator } from '../values/collation.ts';
import { compareValues } from '../values/compare.ts';
import { getField } from '../values/fields.ts';
import { identical } from '../values/identical.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Modifier } from './modifier.ts';
import { nextTimestamp } from './timestamp.ts';

export function setModifier(operand: Value): Modifier {
  return {
    change: (value) => (identical(value, operand) ? value : operand),
    create: () => operand,
  };
}

export function setOnInsertModifier(operand: Value): Modifier {
  return { ...setModifier(operand), insertOnly: true };
}

export const unsetModifier: Modifier = { change: () => undefined };

export function extremeModifier(operator: '$min' | '$max', operand: Value, collator?: Collator): Modifier {
  const wanted = operator === '$min' ? -1 : 1;
  return {
    change: (value) => (compareValues(operand, value, collator) * wanted > 0 ? operand : value),
    create: () => operand,
  };
}

export function currentDateModifier(operand: Value): Modifier {
  const now = wantsTimestamp(operand) ? () => nextTimestamp() : () => new Date();
  return { change: now, create: now };
}

function wantsTimestamp(operand: Value): boolean {
  if (typeof operand === 'boolean') return false;
  if (!isDoc(operand)) {
    throw badValue(
      `${kindOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') ` +
        "or a $type expression ({$type: 'timestamp/date'}).",
    );
  }
  const unknown = Object.keys(operand).find((name) => name !== '$type');
  if (unknown !== undefined) throw badValue(`Unrecognized $currentDate option: ${unknown}`);
  const type = getField(operand, '$type');
  if (type === 'date' || type === 'timestamp') return type === 'timestamp';
  throw badValue(
    "The '$type' string field is required to be 'date' or 'timestamp': " +
      "{$currentDate: {field : {$type: 'date'}}}",
  );
}
