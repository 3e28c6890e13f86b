// $redact: at each level of a document keeps it, descends into it, or prunes it.
import { location } from '../errors.ts';
import { compileExpression } from '../expressions/compile.ts';
import { describeValue } from '../values/describe.ts';
import { newDoc, setField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { expressionContext } from './evaluate.ts';
import type { StageCompiler } from './stage.ts';

const DECISIONS = { DESCEND: 'descend', PRUNE: 'prune', KEEP: 'keep' } as const;

export const compileRedact: StageCompiler = (spec, context) => {
  const evaluate = compileExpression(spec, expressionContext(context, Object.keys(DECISIONS)));
  const variables: Record<string, Value> = Object.create(context.variables);
  Object.assign(variables, DECISIONS);
  return function* redact(input) {
    for (const doc of input) {
      const kept = redactDoc(doc, doc);
      if (kept) yield kept;
    }
  };

  function redactDoc(doc: Doc, root: Doc): Doc | undefined {
    const decision = evaluate({ root, current: doc, variables });
    if (decision === DECISIONS.KEEP) return doc;
    if (decision === DECISIONS.PRUNE) return undefined;
    if (decision !== DECISIONS.DESCEND) {
      throw location(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${describeValue(decision)}`,
      );
    }
    const kept = newDoc();
    for (const name of Object.keys(doc)) setField(kept, name, redactValue(doc[name] as Value, root));
    return kept;
  }

  /** Only documents are decided on; arrays are searched for them. */
  function redactValue(value: Value, root: Doc): Value | undefined {
    if (isDoc(value)) return redactDoc(value, root);
    if (!Array.isArray(value)) return value;
    return value.map((element) => redactValue(element, root)).filter((element) => element !== undefined);
  }
};
