/** By what a subgraph knows an object: JSON of its key and of the fields that others must bring first. */
import { isDeepStrictEqual } from 'node:util';
import { type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import type { InputRewrite, Path, RequiredField, RequiredOnType, Requirement } from '../../plan/plan.ts';
import { detached, fromWire, wireJson } from '../wire-text.ts';
import type { AskedOnce } from './asked-once.ts';
import { isRow, List, type Place, type Row, TYPENAME, type Value } from './values.ts';

/** Number of the object's representation; nothing when it is of a type that is not asked for, or lacks a field. */
export type Represent = (row: Row, all: AskedOnce) => number | undefined;

/** Text of an object below, without its braces. */
type Write = (row: Row) => string | undefined;

/** A rewrite that reaches deeper than the plans of either planner do. */
export class UnsupportedRewrite extends Error {
  override name = 'UnsupportedRewrite';
}

interface Step {
  /** `"key":`, and what comes before it. */
  opening: string;
  /** In place of what the row has. */
  constant?: string;
  slot: number | undefined;
  below?: Write;
}

/** How the text of an object is put together. */
interface Template {
  steps: readonly Step[];
  closing: string;
  /** Where all that differs between objects is one scalar at the end. */
  keyed: { opening: string; slot: number } | undefined;
}

/** No row has it. */
const NOWHERE = -1;
const NAME = '__typename';
/** Types come from subgraphs: an unknown one must not grow what is kept. */
const MAX_TYPES = 1_000;

export function representationOf(
  schema: GraphQLSchema,
  place: Place,
  requires: readonly Requirement[],
  rewrites: readonly InputRewrite[] = [],
): Represent {
  for (const { path } of rewrites) {
    if (path.some((step, at) => typeof step === 'string' && at < path.length - 1)) {
      throw new UnsupportedRewrite(path.join('.'));
    }
  }
  const templateFor = templatesOf(schema, place, [requires], rewrites);
  return (row, all) => {
    const template = row[TYPENAME] === null ? undefined : templateFor(row);
    if (template === undefined) return undefined;
    if (template.keyed !== undefined) {
      const key = row[template.keyed.slot];
      if (typeof key === 'string') return all.addKeyed(template.keyed.opening, key);
    }
    const text = textOf(template, row);
    return text ? all.add(text) : undefined;
  };
}

function writerOf(
  schema: GraphQLSchema,
  place: Place,
  alternatives: readonly (readonly Requirement[])[],
): Write {
  const templateFor = templatesOf(schema, place, alternatives, []);
  return (row) => {
    const template = templateFor(row);
    return template && textOf(template, row);
  };
}

/** What is required of objects of one type. */
interface Groups {
  /** Fields that are sent together or not at all: the first regardless of type, one for each type condition. */
  sets: readonly (readonly RequiredField[])[];
  /** Whether nothing is sent without the first. */
  isFirstNeeded: boolean;
  /** Whether a set that is not there takes those before it away, as it does when one is merged onto the other. */
  isLastNeeded: boolean;
  /** By which of the sets an object has. */
  templates: Map<string, Template>;
}

/** What is sent of an object depends on its type, and is found out once for each. */
function templatesOf(
  schema: GraphQLSchema,
  place: Place,
  /** Several where parts of the plan require different things of one object. */
  alternatives: readonly (readonly Requirement[])[],
  rewrites: readonly InputRewrite[],
): (row: Row) => Template | undefined {
  const byType = new Map<Value, Groups>();
  return (row) => {
    const typename = row[TYPENAME];
    let groups = byType.get(typename);
    if (!groups) {
      groups = groupsFor(typename);
      if (byType.size < MAX_TYPES) byType.set(detached(typename), groups);
    }
    return templateFor(groups, row);
  };

  function groupsFor(typename: Value): Groups {
    const name = nameOf(typename);
    if (alternatives.length > 1) {
      const sets = alternatives.map((fields) => flatten(fields, name).flat());
      return { sets, isFirstNeeded: false, isLastNeeded: true, templates: new Map() };
    }
    const [own, ...others] = flatten(alternatives[0]!, name);
    const isFirstNeeded = own!.length > 0;
    const sets = isFirstNeeded ? [own!, ...others] : others;
    return { sets, isFirstNeeded, isLastNeeded: false, templates: new Map() };
  }

  /** The fields at hand, and apart from them those of each type condition that applies. */
  function flatten(fields: readonly Requirement[], name: string | undefined): RequiredField[][] {
    const own = fields.filter((node): node is RequiredField => node.kind === 'field');
    const conditions = fields.filter(
      (node): node is RequiredOnType => node.kind === 'type' && isOfType(schema, name, node.type),
    );
    return [
      own,
      ...conditions.flatMap(({ fields }) => flatten(fields, name)).filter((set) => set.length > 0),
    ];
  }

  /** A type condition whose fields are not all there adds nothing; the others stand. */
  function templateFor(
    { sets, isFirstNeeded, isLastNeeded, templates }: Groups,
    row: Row,
  ): Template | undefined {
    let key = '';
    if (sets.length > 1) for (const set of sets) key += isThere(set, row) ? '1' : '0';
    if (isFirstNeeded && key.startsWith('0')) return undefined;
    if (isLastNeeded && key.endsWith('0')) return undefined;
    if (isLastNeeded) key = key.slice(key.lastIndexOf('0') + 1).padStart(key.length, '0');
    let known = templates.get(key);
    if (!known) {
      const chosen = key === '' ? sets : sets.filter((_, index) => key[index] === '1');
      known = templateOf(stepsOf(mergedFields(chosen.flat()), row[TYPENAME]));
      templates.set(key, known);
    }
    return known;
  }

  function isThere(set: readonly RequiredField[], row: Row): boolean {
    return set.every(({ key }) => row[place.slots.get(key) ?? NOWHERE] !== undefined);
  }

  function stepsOf(fields: readonly MergedField[], typename: Value): Step[] {
    let [type, steps] = [
      nameOf(typename),
      fields.map(({ key, as = key, below }): Step & { key: string } => ({
        key: as,
        opening: `${wireJson(as)}:`,
        slot: place.slots.get(key) ?? NOWHERE,
        // Known as the type of all whom the template is for.
        ...(key === NAME && typeof typename === 'string' ? { slot: undefined, constant: typename } : {}),
        ...(below ? { below: writerOf(schema, place.below(key), below) } : {}),
      })),
    ];
    for (const rewrite of rewrites) {
      const { types, key } = targetOf(rewrite.path);
      if (types.length > 0 && type !== undefined && !types.some((one) => isOfType(schema, type, one)))
        continue;
      if (rewrite.kind === 'rename') {
        steps = steps.map((step) =>
          step.key === key ? { ...step, key: rewrite.to, opening: `${wireJson(rewrite.to)}:` } : step,
        );
        continue;
      }
      const set = { key, opening: `${wireJson(key)}:`, slot: undefined, constant: wireJson(rewrite.value) };
      steps = steps.some((step) => step.key === key)
        ? steps.map((step) => (step.key === key ? { ...set, slot: step.slot } : step))
        : [...steps, set];
      if (key === NAME) type = String(rewrite.value);
    }
    return steps;
  }
}

function targetOf(path: Path): { types: readonly string[]; key: string } {
  const key = path.at(-1);
  if (typeof key !== 'string') throw new UnsupportedRewrite(path.join('.'));
  return { types: path.flatMap((step) => (typeof step === 'string' ? [] : step.types)), key };
}

function templateOf(steps: readonly Step[]): Template {
  const written: Step[] = [];
  let text = '';
  steps.forEach((step, index) => {
    text += index === 0 ? step.opening : `,${step.opening}`;
    if (step.slot === undefined) text += step.constant;
    else {
      written.push({ ...step, opening: detached(text) });
      text = '';
    }
  });
  const [only] = written;
  const isKeyed = written.length === 1 && text === '' && !only!.below && only!.constant === undefined;
  const keyed = isKeyed ? { opening: only!.opening, slot: only!.slot! } : undefined;
  return { steps: written, closing: detached(text), keyed };
}

function textOf({ steps, closing }: Template, row: Row): string | undefined {
  let text = '';
  for (const { slot, opening, constant, below } of steps) {
    const value = row[slot!];
    if (value === undefined) return undefined;
    text += opening + (constant ?? (below ? nestedText(value, below) : plainText(value)));
  }
  return text + closing;
}

/** A field that several sets may require, each with its own fields below. */
type MergedField = Omit<RequiredField, 'fields'> & { below?: readonly (readonly Requirement[])[] };

/** Each key once, with all that is required below it. */
function mergedFields(fields: readonly RequiredField[]): MergedField[] {
  const merged = new Map<string, MergedField>();
  for (const { fields: required, ...field } of fields) {
    const sentAs = field.as ?? field.key;
    const known = merged.get(sentAs);
    const below = known?.below ?? [];
    const isNew = required && !below.some((one) => isDeepStrictEqual(one, required));
    const all = isNew ? [...below, required] : below;
    merged.set(sentAs, all.length > 0 ? { ...field, below: all } : field);
  }
  return [...merged.values()];
}

function nestedText(value: Value, below: Write): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof List) return `[${value.items.map((item) => nestedText(item, below)).join(',')}]`;
  if (!isRow(value)) return 'null';
  const text = below(value);
  return text === undefined ? 'null' : `{${text}}`;
}

function plainText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof List) return `[${value.items.map(plainText).join(',')}]`;
  return 'null';
}

function nameOf(typename: Value): string | undefined {
  const isText = typeof typename === 'string' && typename.startsWith('"');
  return isText ? fromWire(typename.slice(1, -1)) : undefined;
}

function isOfType(schema: GraphQLSchema, name: string | undefined, condition: string): boolean {
  if (name === undefined) return false;
  if (name === condition) return true;
  const [type, abstract] = [schema.getType(name), schema.getType(condition)];
  return (
    !!type &&
    isAbstractType(abstract) &&
    (isObjectType(type) || isAbstractType(type)) &&
    schema.isSubType(abstract, type as never)
  );
}
