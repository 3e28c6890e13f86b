/** $rename: the new field is set where it stands in the tree, the old one is taken away afterwards. */
import { badValue, MongoError } from '../errors.ts';
import { describeField } from '../values/describe.ts';
import { copyDoc, getField } from '../values/fields.ts';
import { identical } from '../values/identical.ts';
import { isDoc } from '../values/kind.ts';
import { arrayIndex, splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { describeId, type Modifier } from './modifier.ts';

export interface Rename {
  from: string[];
  to: string[];
}

export function parseRename(from: string, operand: Value): Rename {
  const shown = () => describeField(from, operand);
  if (typeof operand !== 'string') throw badValue(`The 'to' field for $rename must be a string: ${shown()}`);
  if (operand.includes('\0')) {
    throw badValue("The 'to' field for $rename cannot contain an embedded null byte");
  }
  if (from === operand) throw badValue(`The source and target field for $rename must differ: ${shown()}`);
  if (operand.startsWith(`${from}.`) || from.startsWith(`${operand}.`)) {
    throw badValue(`The source and target field for $rename must not be on the same path: ${shown()}`);
  }
  if (isDynamic(from)) throw badValue(`The source field for $rename may not be dynamic: ${from}`);
  if (isDynamic(operand)) {
    throw badValue(`The destination field for $rename may not be dynamic: ${operand}`);
  }
  return { from: splitPath(from), to: splitPath(operand) };
}

function isDynamic(path: string): boolean {
  return splitPath(path).some((part) => part === '$' || (part.startsWith('$[') && part.endsWith(']')));
}

export function renameModifier(rename: Rename): Modifier {
  const read = (root: Doc) => {
    const value = sourceValue(root, rename.from);
    if (value !== undefined) refuseArrayOnPath(root, rename.to, 'destination');
    return value;
  };
  return {
    change(value, { root }) {
      const renamed = read(root);
      return renamed === undefined || identical(renamed, value) ? value : renamed;
    },
    create: read,
  };
}

function sourceValue(root: Doc, path: string[]): Value | undefined {
  let value: Value | undefined = root;
  let array = false;
  for (const [i, part] of path.entries()) {
    let next: Value | undefined;
    if (isDoc(value)) next = getField(value, part);
    else if (Array.isArray(value) && arrayIndex(part) >= 0) {
      array = true;
      next = value[arrayIndex(part)];
    } else {
      const holder = path[i - 1]!;
      throw new MongoError(
        28,
        'PathNotViable',
        `cannot use the part (${holder} of ${path.join('.')}) to traverse the element ` +
          `({${describeField(holder, value)}})`,
      );
    }
    if (next === undefined) return undefined;
    value = next;
  }
  if (array) refuseArrayOnPath(root, path, 'source');
  return value;
}

function refuseArrayOnPath(root: Doc, path: string[], role: 'source' | 'destination'): void {
  let value: Value | undefined = root;
  for (const [i, part] of path.entries()) {
    if (Array.isArray(value)) {
      throw badValue(
        `The ${role} field cannot be an array element, '${path.join('.')}' in doc with ` +
          `${describeId(root)} has an array field called '${path[i - 1]}'`,
      );
    }
    if (!isDoc(value)) return;
    value = getField(value, part);
  }
}

/** Takes the source away; it was checked to lie in documents only. */
export function removePath(doc: Doc, path: readonly string[], from = 0): Doc {
  const name = path[from]!;
  const value = getField(doc, name);
  if (value === undefined) return doc;
  const result = copyDoc(doc);
  if (from === path.length - 1) delete result[name];
  else if (isDoc(value)) result[name] = removePath(value, path, from + 1);
  return result;
}
