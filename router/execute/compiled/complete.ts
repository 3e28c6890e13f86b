/**
 * The answer as text, where something is wrong with it or withheld: values are held against the schema, null goes up to
 * where null may be, and each fault is told with its path. What the reference executor does with plain objects
 * (@apollo/gateway, resultShaping), fault by fault, and what policy/restore.ts does afterwards.
 */
import type { Withheld } from '../../policy/withhold.ts';
import type { Answer, AnswerError } from '../executor.ts';
import { Incomplete } from './errors.ts';
import { isLeaf } from './leaf.ts';
import type { FieldProjection, Projection, TypeRef } from './projection.ts';
import type { Introspect } from './render.ts';
import { typenameText } from './typename.ts';
import { isRow, List, type Row, TYPENAME, type Value } from './values.ts';

export interface Completed {
  /** Wire text of `data`. */
  text: string;
  /** Where subgraphs broke their schema. */
  broken: AnswerError[];
  withheld: WithheldPlaces;
}

export type WithheldPlaces = NonNullable<Answer['withheld']>;

/** Null, and why. */
const NULL = 0;
/** A fault below has been told. */
const FAILED = 1;
/** The same, where null must not be: the parent goes too. */
const INVALID = 2;
/** Something withheld took it along. */
const LOST = 3;
type Outcome = string | typeof NULL | typeof FAILED | typeof INVALID | typeof LOST;

const MAX_LISTED = 100;

export function complete(root: Row, projection: Projection, introspect: Introspect): Completed {
  const path: (string | number)[] = [];
  const broken: AnswerError[] = [];
  const withheld: WithheldPlaces = { places: [], unlisted: 0 };
  const outcome = completeRow(root, projection);
  return { text: typeof outcome === 'string' ? outcome : 'null', broken, withheld };

  function completeRow(row: Row, { of }: Projection): Outcome {
    const own = of(row[TYPENAME])!;
    const mark = { listed: withheld.places.length, unlisted: withheld.unlisted };
    let text = '{';
    let isLost = false;
    for (const field of own.fields) {
      const outcome = completeField(row, field);
      if (outcome === INVALID) {
        forget(mark);
        return FAILED;
      }
      if (outcome === LOST) isLost = true;
      text += field.opening + (typeof outcome === 'string' ? outcome : 'null');
    }
    return isLost ? LOST : `${text}}`;
  }

  function completeField(row: Row, field: FieldProjection): Outcome {
    const value = row[field.slot];
    if (field.held) return hold(field.held, field.type);
    if (field.introspection) return introspect(field);
    if (field.typename) return typenameText(row, value, field.typename) ?? INVALID;
    path.push(field.key);
    const outcome = completeValue(value, field.type, field);
    path.pop();
    return outcome;
  }

  function hold(place: Withheld, type: TypeRef): Outcome {
    if (withheld.places.length < MAX_LISTED) {
      withheld.places.push({ withheld: place, path: [...path, place.responseKey] });
    } else {
      withheld.unlisted++;
    }
    return type.isNonNull ? LOST : NULL;
  }

  function completeValue(value: Value, type: TypeRef, field: FieldProjection): Outcome {
    const outcome = value === undefined || value === null ? NULL : completeNullable(value, type, field);
    if (typeof outcome === 'string') return outcome;
    if (!type.isNonNull) return outcome === LOST ? NULL : outcome;
    if (outcome === NULL) tell(`Cannot return null for non-nullable ${describe(type.name, field)}.`);
    return outcome === LOST ? LOST : INVALID;
  }

  function completeNullable(value: string | List | Row, type: TypeRef, field: FieldProjection): Outcome {
    if (type.item) return completeList(value, type, type.item, field);
    if (field.below) return completeObject(value, type, field.below, field);
    // A list where a scalar belongs, or an object.
    if (typeof value === 'string' && isLeaf(field.leaf!, value)) return value;
    tell(`Invalid value found for ${describe(type.name, field)}.`);
    return FAILED;
  }

  function completeList(value: Value, type: TypeRef, item: TypeRef, field: FieldProjection): Outcome {
    if (!(value instanceof List)) throw new Incomplete(`Not a list of type ${type.name}`);
    const mark = { listed: withheld.places.length, unlisted: withheld.unlisted };
    let [isInvalid, isLost] = [false, false];
    const texts = value.items.map((one, index) => {
      path.push(index);
      // A list item that is missing cannot be: JSON has none.
      const outcome = completeValue(one, item, field);
      path.pop();
      if (outcome === INVALID) isInvalid = true;
      if (outcome === LOST) isLost = true;
      return typeof outcome === 'string' ? outcome : 'null';
    });
    if (isInvalid) {
      forget(mark);
      return FAILED;
    }
    return isLost ? LOST : `[${texts.join(',')}]`;
  }

  function completeObject(value: Value, type: TypeRef, below: Projection, field: FieldProjection): Outcome {
    if (value instanceof List) return completeListAsObject(below);
    if (!isRow(value)) throw new Incomplete(`Not an object of type ${type.name}`);
    const typename = value[TYPENAME];
    if (typename !== undefined && !(typeof typename === 'string' && typename.startsWith('"')))
      throw new Incomplete('Not a text for __typename');
    if (typename === undefined || typename === '""' || below.of(typename)) return completeRow(value, below);
    tell(`Invalid __typename found for object at ${describe(type.name, field)}.`);
    return FAILED;
  }

  /** To the reference executor a list is an object that has none of the fields. */
  function completeListAsObject(below: Projection): Outcome {
    return completeRow([], below);
  }

  function tell(message: string): void {
    broken.push({ message, path: [...path], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  }

  function describe(type: string, field: FieldProjection): string {
    const last = path.at(-1);
    return typeof last === 'string'
      ? `field ${field.parent}.${last}`
      : `array element of type ${type} at index ${last}`;
  }

  function forget(mark: { listed: number; unlisted: number }): void {
    withheld.places.length = mark.listed;
    withheld.unlisted = mark.unlisted;
  }
}
