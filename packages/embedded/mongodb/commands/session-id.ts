import type { Binary } from 'bson';
import { typeMismatch } from '../errors.ts';
import { binaryBytes } from '../values/compare.ts';
import { getField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';

/** The id of a session in hex, undefined when there is none. */
export function sessionOf(lsid: Value | undefined): string | undefined {
  if (lsid === undefined) return undefined;
  const id = isDoc(lsid) ? getField(lsid, 'id') : undefined;
  if (kindOf(id) !== 'binData' || (id as Binary).sub_type !== 4) {
    throw typeMismatch(`BSON field 'lsid.id' is the wrong type '${kindOf(id)}', expected type 'binData'`);
  }
  return Buffer.from(binaryBytes(id as Binary)).toString('hex');
}
