/** A collation with all its defaults spelled out, as MongoDB stores and lists it. */
import { type Collator, makeCollator } from '../values/collation.ts';
import { docFrom, getField } from '../values/fields.ts';
import { isNumber } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';

/** Undefined for the simple collation, which compares bytes. */
export function readCollation(given: Doc): Doc | undefined {
  if (!makeCollator(given)) return undefined;
  const get = (name: string, otherwise: Value) => getField(given, name) ?? otherwise;
  const strength = getField(given, 'strength');
  return docFrom([
    ['locale', getField(given, 'locale')],
    ['caseLevel', get('caseLevel', false)],
    ['caseFirst', get('caseFirst', 'off')],
    ['strength', isNumber(strength) ? toNumber(strength) : 3],
    ['numericOrdering', get('numericOrdering', false)],
    ['alternate', get('alternate', 'non-ignorable')],
    ['maxVariable', get('maxVariable', 'punct')],
    ['normalization', get('normalization', false)],
    ['backwards', get('backwards', false)],
    ['version', '57.1'],
  ]);
}

/** A collator for what `readCollation` gave; the version that is listed is not something one may ask for. */
export function collatorOf(full: Doc | undefined): Collator | undefined {
  return full && makeCollator(docFrom(Object.entries(full).filter(([name]) => name !== 'version')));
}
