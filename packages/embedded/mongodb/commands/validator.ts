/** Validators of collections: which documents they let in, and how a refusal is explained. */
import { MongoError } from '../errors.ts';
import { docMatcher } from '../query/match.ts';
import { parseFilter } from '../query/parse-filter.ts';
import type { Collection } from '../storage/collection.ts';
import { docFrom, getField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import { getPath, splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';

/** `before` is the document that an update changes: a moderate validator leaves alone what was invalid already. */
export type Validate = (document: Doc, before?: Doc) => void;

export function checkValidator(validator: Doc): void {
  parseFilter(validator, {});
}

export function validatorOf(collection: Collection, bypass: boolean | undefined): Validate | undefined {
  const { validator, validationLevel, validationAction } = collection.info.options;
  const isOff = validationLevel === 'off' || validationAction === 'warn';
  if (!validator || Object.keys(validator).length === 0 || bypass || isOff) return undefined;
  const matches = docMatcher(parseFilter(validator, {}));
  return (document, before) => {
    if (matches(document)) return;
    if (validationLevel === 'moderate' && before && !matches(before)) return;
    throw new MongoError(121, 'DocumentValidationFailure', 'Document failed validation', {
      errInfo: docFrom([
        ['failingDocumentId', getField(document, '_id')],
        ['details', details(validator, document)],
      ]),
    });
  };
}

/** Which of the conditions failed, each with the value that it met. */
function details(validator: Doc, document: Doc): Doc {
  const failing = Object.keys(validator)
    .map((name) => docFrom([[name, validator[name]!]]))
    .filter((condition) => !docMatcher(parseFilter(condition, {}))(document))
    .map((condition) => detailOf(condition, document));
  if (failing.length === 1) return failing[0]!;
  const clauses = failing.map((detail, index) =>
    docFrom([
      ['index', index],
      ['details', detail],
    ]),
  );
  return docFrom([
    ['operatorName', '$and'],
    ['clausesNotSatisfied', clauses],
  ]);
}

function detailOf(condition: Doc, document: Doc): Doc {
  const [name, operand] = Object.entries(condition)[0]!;
  if (name.startsWith('$'))
    return docFrom([
      ['operatorName', name],
      ['specifiedAs', condition],
    ]);
  const value = getPath(document, splitPath(name));
  const operator = isDoc(operand) ? (Object.keys(operand)[0] ?? '') : '';
  const seen: [string, Value][] =
    value === undefined
      ? [['reason', 'field was missing']]
      : [
          ['reason', operator === '$type' ? 'type did not match' : 'comparison failed'],
          ['consideredValue', value],
          ...(operator === '$type' ? ([['consideredType', kindOf(value)]] as [string, Value][]) : []),
        ];
  return docFrom([
    ['operatorName', operator.startsWith('$') ? operator : '$eq'],
    ['specifiedAs', condition],
    ...seen,
  ]);
}
