/** Variables of `let`: constants for the whole command, computed before any document is looked at. */
import { location } from '../errors.ts';
import { compileExpression, scopeOf } from '../expressions/compile.ts';
import { checkVariableForWrite } from '../expressions/variable-names.ts';
import type { Collator } from '../values/collation.ts';
import { getField, newDoc, setField } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';

export function evaluateLet(
  given: Doc | undefined,
  now: Date,
  collator: Collator | undefined,
): Record<string, Value> {
  const variables: Doc = newDoc();
  if (!given) return variables;
  const known = new Set<string>();
  for (const name of Object.keys(given)) {
    checkVariableForWrite(name);
    const context = { variables: known, now, ...(collator && { collator }) };
    const value = compileExpression(getField(given, name)!, context)(scopeOf(documentOutOfReach, variables));
    setField(variables, name, value ?? null);
    known.add(name);
  }
  return variables;
}

function outOfReach(): never {
  throw location(
    4890500,
    'Command let Expression tried to access a field, but this is not allowed because command let expressions ' +
      'run before the query examines any documents.',
  );
}

const documentOutOfReach: Doc = new Proxy(newDoc(), {
  get: outOfReach,
  ownKeys: outOfReach,
  has: outOfReach,
});
