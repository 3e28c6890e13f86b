// Compiles MongoDB's aggregation expressions into functions.
import { location, MongoError } from '../errors.ts';
import { newDoc, setField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import {
  type Compiler,
  constant,
  constantOf,
  type Evaluate,
  type ExpressionContext,
  type Scope,
} from './expression.ts';
import { checkFieldName, parseFieldPath, readPath } from './field-path.ts';
import { building, charge, metered } from './meter.ts';
import { operators } from './operators.ts';
import { checkVariableForRead } from './variable-names.ts';

export type { Evaluate, ExpressionContext, Scope } from './expression.ts';

const DEPTH_LIMIT = 200;
/** Known to MongoDB, but of no meaning on a standalone server without users. */
const UNAVAILABLE_VARIABLES = new Set(['CLUSTER_TIME', 'JS_SCOPE', 'IS_MR', 'SEARCH_META', 'USER_ROLES']);

/** Compiles one expression; what it may use of memory and nesting is bounded when it runs. */
export function compileExpression(spec: Value, context: ExpressionContext): Evaluate {
  const evaluate = compileAt(spec, context, 0);
  if (constantOf(evaluate) || typeof spec === 'string') return evaluate;
  return (scope) => metered(evaluate, scope);
}

/** A scope to start from; `variables` holds the values of the user's variables (let). */
export function scopeOf(root: Doc, variables: Record<string, Value | undefined>): Scope {
  return { root, current: root, variables };
}

function compileAt(spec: Value, context: ExpressionContext, depth: number): Evaluate {
  if (typeof spec === 'string') return spec.startsWith('$') ? compilePath(spec, context) : constant(spec);
  if (!Array.isArray(spec) && !isDoc(spec)) return constant(spec);
  if (depth > DEPTH_LIMIT) {
    throw new MongoError(15, 'Overflow', `Expression exceeds the limit of ${DEPTH_LIMIT} levels of nesting`);
  }
  const compiler = compilerAt(context, depth + 1);
  if (Array.isArray(spec)) return compileArray(spec, compiler);
  const names = Object.keys(spec);
  return names[0]?.startsWith('$')
    ? compileOperator(spec, names, compiler)
    : compileDoc(spec, names, compiler);
}

/** For accumulators, which take apart their specification themselves. */
export function compilerFor(context: ExpressionContext): Compiler {
  return { ...compilerAt(context, 0), compile: (spec) => compileExpression(spec, context) };
}

function compilerAt(context: ExpressionContext, depth: number): Compiler {
  return {
    context,
    compile: (spec) => compileAt(spec, context, depth),
    knowing: (names) =>
      compilerAt({ ...context, variables: new Set([...context.variables, ...names]) }, depth),
  };
}

function compileOperator(spec: Doc, names: string[], compiler: Compiler): Evaluate {
  if (names.length !== 1) {
    throw location(
      15983,
      `An object representing an expression must have exactly one field: { ${names.join(', ')} }`,
    );
  }
  const name = names[0] as string;
  const compileIt = operators.get(name);
  if (!compileIt) {
    throw new MongoError(168, 'InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  }
  return compileIt(spec[name] as Value, compiler, name);
}

function compileArray(specs: Value[], compiler: Compiler): Evaluate {
  const elements = specs.map((spec) => compiler.compile(spec));
  if (elements.every(constantOf))
    return constant(elements.map((element) => constantOf(element)?.value ?? null));
  return (scope) =>
    building<Value>((values) => {
      for (const element of elements) values.push(element(scope) ?? null);
    });
}

function compileDoc(spec: Doc, names: string[], compiler: Compiler): Evaluate {
  names.forEach(checkFieldName);
  const fields = names.map((name) => ({ name, evaluate: compiler.compile(spec[name] as Value) }));
  if (fields.every((field) => constantOf(field.evaluate))) {
    const doc = newDoc();
    for (const { name, evaluate } of fields) setField(doc, name, constantOf(evaluate)?.value);
    return constant(doc);
  }
  return (scope) => {
    const doc = newDoc();
    building<Value | undefined>((values) => {
      for (const { name, evaluate } of fields) {
        const value = evaluate(scope);
        values.push(value);
        setField(doc, name, value);
      }
    });
    charge(32 * fields.length);
    return doc;
  };
}

function compilePath(path: string, context: ExpressionContext): Evaluate {
  if (path === '$') throw location(16872, "'$' by itself is not a valid FieldPath");
  if (!path.startsWith('$$')) {
    const names = parseFieldPath(path.slice(1));
    return (scope) => readPath(scope.current, names, 0);
  }
  const dot = path.indexOf('.');
  const variable = dot < 0 ? path.slice(2) : path.slice(2, dot);
  checkVariableForRead(variable);
  const read = compileVariable(variable, context);
  if (dot < 0) return read;
  const names = parseFieldPath(path.slice(dot + 1));
  return (scope) => readPath(read(scope), names, 0);
}

function compileVariable(name: string, context: ExpressionContext): Evaluate {
  if (context.variables.has(name)) return (scope) => scope.variables[name];
  switch (name) {
    case 'ROOT':
      return (scope) => scope.root;
    case 'CURRENT':
      return (scope) => scope.current;
    case 'NOW':
      return constant(context.now);
    case 'REMOVE':
      return constant(undefined);
    default:
      if (UNAVAILABLE_VARIABLES.has(name)) {
        throw location(51144, `Builtin variable '$$${name}' is not available`);
      }
      throw location(17276, `Use of undefined variable: ${name}`);
  }
}
