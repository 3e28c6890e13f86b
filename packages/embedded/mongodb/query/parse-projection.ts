/** Projections into trees: what is included, excluded and computed at each level. */
import { location, MongoError } from '../errors.ts';
import { compileExpression, type Evaluate } from '../expressions/compile.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { truthOf } from '../values/conversions.ts';
import { describeField, describeValue } from '../values/describe.ts';
import { getField } from '../values/fields.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { parseFilter } from './parse-filter.ts';
import type { FieldPredicate } from './predicate.ts';
import {
  addToTree,
  type ParsedProjection,
  type Positional,
  type ProjectionKind,
  type ProjectionOptions,
  type Slice,
  type Tree,
} from './projection-tree.ts';
import { sliceArguments } from './slice-arguments.ts';

interface Parsing {
  options: ProjectionOptions;
  tree: Tree;
  cuts: (Slice | Positional)[];
  kind: ProjectionKind | undefined;
  idSpecified: boolean;
  /** Whether `_id` as a whole was included or excluded. */
  idFlag: boolean | undefined;
  hasElemMatch: boolean;
  hasPositional: boolean;
  hasSlice: boolean;
}

export function parseProjection(spec: Doc, options: ProjectionOptions): ParsedProjection {
  const parsing: Parsing = {
    options,
    tree: new Map(),
    cuts: [],
    kind: undefined,
    idSpecified: false,
    idFlag: undefined,
    hasElemMatch: false,
    hasPositional: false,
    hasSlice: false,
  };
  for (const name of Object.keys(spec)) {
    if (name === '_id' || name.startsWith('_id.')) parsing.idSpecified = true;
    parseElement(parsing, name, getField(spec, name)!, parsing.tree, []);
  }
  const kind = parsing.kind ?? impliedKind(parsing);
  if (kind === 'inclusion' && !parsing.idSpecified) {
    parsing.tree.set('_id', { kind: 'flag', included: true });
  }
  if (kind === 'exclusion' && parsing.idFlag === true) parsing.tree.delete('_id');
  return { kind, tree: parsing.tree, cuts: parsing.cuts };
}

/** When nothing but `_id` and find's own operators is named. */
function impliedKind({ hasSlice, hasElemMatch, idFlag }: Parsing): ProjectionKind {
  if (hasElemMatch && !hasSlice) return 'inclusion';
  return idFlag === true ? 'inclusion' : 'exclusion';
}

function parseElement(parsing: Parsing, name: string, operand: Value, parent: Tree, above: string[]): void {
  const positional = hasPositional(name);
  if (positional && parsing.options.aggregation) {
    throw location(31324, 'Cannot use positional projection in aggregation projection');
  }
  if (isDoc(operand)) {
    if (positional) {
      throw location(31271, 'positional projection cannot be used with an expression or sub object');
    }
    parseSubObject(parsing, name, operand, parent, above);
  } else if (typeof operand === 'boolean' || isNumber(operand)) {
    parseFlag(parsing, name, operand, parent, above, positional);
  } else {
    if (positional) throw location(31308, 'positional projection cannot be used with a literal');
    parseLiteral(parsing, name, operand, parent);
  }
}

function hasPositional(name: string): boolean {
  return name === '$' || name.endsWith('.$') || name.includes('.$.');
}

function parseFlag(
  parsing: Parsing,
  name: string,
  operand: Value,
  parent: Tree,
  above: string[],
  positional: boolean,
): void {
  const isWholeId = name === '_id' && above.length === 0;
  if (!truthOf(operand)) {
    addToTree(parent, parseFieldPath(name), { kind: 'flag', included: false });
    if (isWholeId) parsing.idFlag = false;
    else
      requireKind(
        parsing,
        'exclusion',
        31254,
        `Cannot do exclusion on field ${name} in inclusion projection`,
      );
    return;
  }
  if (positional) {
    parsePositional(parsing, name, parent, above);
  } else {
    addToTree(parent, parseFieldPath(name), { kind: 'flag', included: true });
    if (isWholeId) parsing.idFlag = true;
  }
  if (isWholeId) return;
  requireKind(parsing, 'inclusion', 31253, `Cannot do inclusion on field ${name} in exclusion projection`);
}

function requireKind(parsing: Parsing, kind: ProjectionKind, code: number, message: string): void {
  if (parsing.kind !== undefined && parsing.kind !== kind) throw location(code, message);
  parsing.kind = kind;
}

function parsePositional(parsing: Parsing, name: string, parent: Tree, above: string[]): void {
  if (parsing.hasPositional) {
    throw location(31276, 'Cannot specify more than one positional projection per query.');
  }
  if (parsing.hasElemMatch) {
    throw location(31256, 'Cannot specify positional operator and $elemMatch.');
  }
  if (parsing.options.filter === undefined) {
    throw location(51050, 'Projections with a positional operator require a matcher');
  }
  if (!name.endsWith('.$') || hasPositional(name.slice(0, -2))) {
    throw location(
      31394,
      "As of 4.4, it's illegal to specify positional operator in the middle of a path." +
        'Positional projection may only be used at the end, for example: a.b.$. If the query ' +
        'previously used a form like a.b.$.d, remove the parts following the ' +
        "'$' and the results will be equivalent.",
    );
  }
  const path = parseFieldPath(name.slice(0, -2));
  const cut: Positional = { kind: 'positional', path: [...above, ...path] };
  addToTree(parent, path, cut);
  parsing.cuts.push(cut);
  parsing.hasPositional = true;
}

function parseLiteral(parsing: Parsing, name: string, operand: Value, parent: Tree): void {
  addToTree(parent, parseFieldPath(name), { kind: 'computed', evaluate: compile(operand, parsing) });
  const shown = describeField(name, operand);
  requireKind(parsing, 'inclusion', 31310, `Cannot use an expression ${shown} in an exclusion projection`);
}

function compile(operand: Value, { options }: Parsing): Evaluate {
  const { collator, variables = {}, now = new Date() } = options;
  const context = { variables: new Set(Object.keys(variables)), now };
  return compileExpression(operand, collator ? { ...context, collator } : context);
}

function parseSubObject(parsing: Parsing, name: string, operand: Doc, parent: Tree, above: string[]): void {
  const path = parseFieldPath(name);
  const names = Object.keys(operand);
  if (names.length === 0) {
    throw location(51270, 'An empty sub-projection is not a valid value. Found empty object at path');
  }
  if (names.length === 1 && names[0]!.startsWith('$')) {
    parseOperator(parsing, path, operand, parent, above);
    return;
  }
  const tree: Tree = new Map();
  addToTree(parent, path, tree);
  for (const inner of names) {
    parseElement(parsing, inner, getField(operand, inner)!, tree, [...above, ...path]);
  }
}

function parseOperator(parsing: Parsing, path: string[], operand: Doc, parent: Tree, above: string[]): void {
  const [name] = Object.keys(operand);
  const argument = getField(operand, name!)!;
  if (name === '$meta') refuseMeta(argument);
  if (parsing.options.aggregation) {
    if (name === '$elemMatch') {
      throw new MongoError(168, 'InvalidPipelineOperator', 'Cannot use $elemMatch in this context');
    }
  } else if (name === '$elemMatch') {
    parseElemMatch(parsing, path, operand, parent, above);
    return;
  } else if (name === '$slice') {
    parseSlice(parsing, path, operand, parent, above);
    return;
  }
  parseExpression(parsing, path, operand, parent);
}

function parseExpression(parsing: Parsing, path: string[], operand: Doc, parent: Tree): void {
  if (parsing.kind === 'exclusion') {
    throw location(31252, 'Cannot use expression other than $meta in exclusion projection');
  }
  parsing.kind = 'inclusion';
  addToTree(parent, path, { kind: 'computed', evaluate: compile(operand, parsing) });
}

/** No text, geo or record metadata exists here. */
function refuseMeta(argument: Value): never {
  if (argument === 'textScore') {
    throw location(40218, 'query requires text score metadata, but it is not available');
  }
  throw location(17308, `Unsupported argument to $meta: ${describeValue(argument)}`);
}

function parseElemMatch(parsing: Parsing, path: string[], operand: Doc, parent: Tree, above: string[]): void {
  const argument = getField(operand, '$elemMatch')!;
  if (!isDoc(argument)) {
    throw location(31274, `elemMatch: Invalid argument, object required, but got ${describeValue(argument)}`);
  }
  if (parsing.hasPositional) throw location(31255, 'Cannot specify positional operator and $elemMatch.');
  if (path.length > 1 || above.length > 0) {
    throw location(31275, 'Cannot use $elemMatch projection on a nested field.');
  }
  const field = path[0]!;
  const predicate = parseFilter({ [field]: operand }, parsing.options, true) as FieldPredicate;
  addToTree(parent, path, { kind: 'elemMatch', field, findElement: predicate.findElement! });
  parsing.hasElemMatch = true;
}

/** The form of find; failing that, it may be the expression of the same name. */
function parseSlice(parsing: Parsing, path: string[], operand: Doc, parent: Tree, above: string[]): void {
  const argument = getField(operand, '$slice')!;
  let slice: Slice;
  try {
    slice = { kind: 'slice', path: [...above, ...path], ...sliceArguments(argument) };
  } catch (findError) {
    // Neither form fits: MongoDB tells of both.
    const reason = findError as MongoError;
    const context =
      `Invalid $slice syntax. The given syntax ${describeValue(operand)} did not match the find() ` +
      `syntax because :: ${reason.codeName}: ${reason.message} :: The given syntax did not match ` +
      'the expression $slice syntax. :: caused by :: ';
    if (Array.isArray(argument) && isNumber(argument[0])) {
      throw location(
        28724,
        `${context}First argument to $slice must be an array, but is of type: ${kindOf(argument[0])}`,
      );
    }
    try {
      parseExpression(parsing, path, operand, parent);
    } catch (error) {
      // The code stays that of the expression; the words tell of both tries.
      if (!(error instanceof MongoError)) throw error;
      throw new MongoError(error.code, error.codeName, context + error.message);
    }
    return;
  }
  addToTree(parent, path, slice);
  parsing.cuts.push(slice);
  parsing.hasSlice = true;
}
