/** Puts null where restrict (withhold.ts) held a place, in the answer to the restricted operation. */
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Restricted, Withheld } from './withhold.ts';

/** Where in an answer places are held; parts without any are left out. */
export interface Shape {
  held: ReadonlyMap<string, Withheld>;
  fields: ReadonlyMap<string, { type: GraphQLOutputType; shape: Shape }>;
}

export interface WithheldPlace {
  withheld: Withheld;
  path: readonly (string | number)[];
}

export interface Restored {
  data: Data | null;
  /** Where something was withheld, up to a number that a reader can still take in. */
  places: WithheldPlace[];
  /** How many places there are beyond those. */
  unlisted: number;
}

export type Data = Record<string, unknown>;

const MAX_LISTED = 100;

/** One per restricted operation, not per request. */
export function shapeOf({ document, operation, withheld }: Restricted, schema: GraphQLSchema): Shape {
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(operation.operation)!;
  return collect([{ set: operation.selectionSet, type: root }]);

  function collect(read: readonly { set: SelectionSetNode; type: GraphQLCompositeType }[]): Shape {
    const held = new Map<string, Withheld>();
    const below = new Map<
      string,
      { type: GraphQLOutputType; read: { set: SelectionSetNode; type: GraphQLCompositeType }[] }
    >();
    const spread = new Set<string>();

    const walk = (set: SelectionSetNode, type: GraphQLCompositeType): void => {
      for (const node of set.selections) {
        if (node.kind === Kind.INLINE_FRAGMENT) {
          walk(node.selectionSet, node.typeCondition ? compositeType(node.typeCondition.name.value) : type);
        } else if (node.kind === Kind.FRAGMENT_SPREAD) {
          if (spread.has(node.name.value)) continue;
          spread.add(node.name.value);
          const fragment = fragments.get(node.name.value)!;
          walk(fragment.selectionSet, compositeType(fragment.typeCondition.name.value));
        } else {
          const key = node.alias?.value ?? node.name.value;
          const place = withheld.get(key);
          if (place) held.set(key, place);
          if (!node.selectionSet || isUnionType(type)) continue;
          const field = type.getFields()[node.name.value];
          // Introspection has no definition on the type, and nothing in it is ever withheld.
          if (!field) continue;
          const result = getNamedType(field.type);
          if (!isCompositeType(result)) continue;
          const entry = below.get(key) ?? { type: field.type, read: [] };
          entry.read.push({ set: node.selectionSet, type: result });
          below.set(key, entry);
        }
      }
    };
    for (const { set, type } of read) walk(set, type);

    const fields = new Map<string, { type: GraphQLOutputType; shape: Shape }>();
    for (const [key, entry] of below) {
      const shape = collect(entry.read);
      if (shape.held.size > 0 || shape.fields.size > 0) fields.set(key, { type: entry.type, shape });
    }
    return { held, fields };
  }

  function compositeType(name: string): GraphQLCompositeType {
    return schema.getType(name) as GraphQLCompositeType;
  }
}

function fragmentsOf(document: DocumentNode) {
  return new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
}

/** A field that must not be null takes its parent with it, up to the next one that may. */
export function restore(data: Data, shape: Shape): Restored {
  const places: WithheldPlace[] = [];
  const path: (string | number)[] = [];
  let unlisted = 0;
  return { data: restoreObject(data, shape), places, unlisted };

  function restoreObject(object: Data, { held, fields }: Shape): Data | null {
    const restored: Data = Object.create(null);
    let lost = false;
    for (const [key, value] of Object.entries(object)) {
      const place = held.get(key);
      const field = fields.get(key);
      if (place) {
        if (restored[place.responseKey] !== null) note(place);
        restored[place.responseKey] = null;
        lost ||= isNonNullType(place.type);
      } else if (restored[key] === null) {
        // The same response key is withheld by another selection of this object; that one decides.
      } else if (field) {
        path.push(key);
        const below = restoreValue(value, field.type, field.shape);
        path.pop();
        restored[key] = below;
        lost ||= below === null && value !== null && isNonNullType(field.type);
      } else {
        restored[key] = value;
      }
    }
    return lost ? null : restored;
  }

  function restoreValue(value: unknown, type: GraphQLOutputType, shape: Shape): unknown {
    if (value === null || value === undefined) return null;
    if (isNonNullType(type)) return restoreValue(value, type.ofType, shape);
    if (!isListType(type)) return restoreObject(value as Data, shape);
    let lost = false;
    const items = (value as unknown[]).map((item, index) => {
      path.push(index);
      const below = restoreValue(item, type.ofType, shape);
      path.pop();
      lost ||= below === null && item !== null && isNonNullType(type.ofType);
      return below;
    });
    return lost ? null : items;
  }

  function note(withheld: Withheld): void {
    if (places.length < MAX_LISTED) places.push({ withheld, path: [...path, withheld.responseKey] });
    else unlisted++;
  }
}
