// $project, $unset, $addFields, $set, $replaceRoot and $replaceWith.
import { location, MongoError } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { compileProjection } from '../query/projection.ts';
import { describeValue } from '../values/describe.ts';
import { copyDoc, docFrom, getField, isEmptyDoc, newDoc, setField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver, type EvaluateDoc } from './evaluate.ts';
import type { PipelineContext, Stage, StageCompiler } from './stage.ts';

export const compileProject: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) throw location(15969, '$project specification must be an object');
  if (isEmptyDoc(spec)) {
    throw location(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return projecting(spec, context, '$project');
};

function projecting(spec: Doc, { collator, variables, now }: PipelineContext, name: string): Stage {
  const options = { variables, now, aggregation: true, ...(collator && { collator }) };
  const project = withContext(name, () => compileProjection(spec, options));
  return function* project_(input) {
    for (const doc of input) yield project(doc);
  };
}

/** MongoDB tells which stage a wrong projection stood in. */
function withContext<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (failure) {
    // The code stays; only the message is completed.
    if (!(failure instanceof MongoError)) throw failure;
    const message = `Invalid ${name} :: caused by :: ${failure.message}`;
    throw new MongoError(failure.code, failure.codeName, message, failure.details);
  }
}

export const compileUnset: StageCompiler = (spec, context) => {
  if (typeof spec !== 'string' && !Array.isArray(spec)) {
    throw location(31002, '$unset specification must be a string or an array');
  }
  const paths = Array.isArray(spec) ? spec : [spec];
  if (paths.length === 0) {
    throw location(31119, '$unset specification must be a string or an array with at least one field');
  }
  const exclusions = paths.map((path): [string, Value] => {
    if (typeof path === 'string') return [path, 0];
    throw location(31120, '$unset specification must be a string or an array containing only string values');
  });
  return projecting(docFrom(exclusions), context, '$unset');
};

/** A field to compute, or fields below it. */
type AddTree = Map<string, AddTree | EvaluateDoc>;

export const compileAddFields: StageCompiler = (spec, context, { name }) => {
  if (!isDoc(spec)) {
    throw location(40272, `$addFields specification stage must be an object, got ${kindOf(spec)}`);
  }
  const tree: AddTree = new Map();
  withContext(name, () => {
    if (isEmptyDoc(spec)) throw location(40177, 'specification must have at least one field');
    for (const path of Object.keys(spec)) addPath(tree, path, spec[path] as Value, context, '');
  });
  return function* addFields(input) {
    for (const doc of input) yield added(doc, tree, doc);
  };
};

function addPath(tree: AddTree, path: string, spec: Value, context: PipelineContext, above: string): void {
  const names = parseFieldPath(path);
  const last = names.pop() as string;
  let parent = tree;
  for (const name of names) parent = childTree(parent, name, above + path);
  const full = above + path;
  if (!isNestedSpec(spec)) {
    if (parent.has(last)) throw conflict(full);
    parent.set(last, compileOver(spec, context));
    return;
  }
  if (isEmptyDoc(spec)) {
    throw location(40180, `an empty object is not a valid value. Found empty object at path ${full}`);
  }
  const below = childTree(parent, last, full);
  for (const name of Object.keys(spec)) {
    if (name.includes('.')) {
      throw location(40183, `cannot use dotted field name '${name}' in a sub object: ${describeValue(spec)}`);
    }
    addPath(below, name, spec[name] as Value, context, `${full}.`);
  }
}

/** An object that is no expression stands for the paths in it. */
function isNestedSpec(spec: Value): spec is Doc {
  return isDoc(spec) && !Object.keys(spec)[0]?.startsWith('$');
}

function childTree(parent: AddTree, name: string, path: string): AddTree {
  const child = parent.get(name);
  if (child === undefined) {
    const tree: AddTree = new Map();
    parent.set(name, tree);
    return tree;
  }
  if (child instanceof Map) return child;
  throw conflict(path);
}

function conflict(path: string) {
  return location(
    40176,
    `specification contains two conflicting paths. Cannot specify '${path}' twice or together with a path above or below it`,
  );
}

function added(target: Doc, tree: AddTree, root: Doc): Doc {
  const changed = copyDoc(target);
  for (const [name, node] of tree) {
    const value = node instanceof Map ? addedBelow(getField(target, name), node, root) : node(root);
    if (value === undefined) delete changed[name];
    else setField(changed, name, value);
  }
  return changed;
}

/** Below an array the fields are added to each of its elements. */
function addedBelow(value: Value | undefined, tree: AddTree, root: Doc): Value {
  if (Array.isArray(value)) return value.map((element) => addedBelow(element, tree, root));
  return added(isDoc(value) ? value : newDoc(), tree, root);
}

export const compileReplaceRoot: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) {
    throw location(40229, `expected an object as specification for $replaceRoot stage, got ${kindOf(spec)}`);
  }
  const unknown = Object.keys(spec).find((name) => name !== 'newRoot');
  if (unknown !== undefined) {
    throw location(
      40230,
      `unrecognized option to $replaceRoot stage: ${unknown}, only valid option is 'newRoot'.`,
    );
  }
  const newRoot = getField(spec, 'newRoot');
  if (newRoot === undefined) throw location(40231, 'no newRoot specified for the $replaceRoot stage');
  return replacing(newRoot, context, "'newRoot' expression");
};

export const compileReplaceWith: StageCompiler = (spec, context) =>
  replacing(spec, context, "'replacement document'");

function replacing(spec: Value, context: PipelineContext, what: string): Stage {
  const evaluate = compileOver(spec, context);
  return function* replaceRoot(input) {
    for (const doc of input) {
      const root = evaluate(doc);
      if (!isDoc(root)) {
        throw location(
          40228,
          `${what} must evaluate to an object, but resulting value was: ${describeValue(root)}. Type of resulting value: '${kindOf(root)}'. Input document: ${describeValue(doc)}`,
        );
      }
      yield root;
    }
  };
}
