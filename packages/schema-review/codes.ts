/** The one table of what a review can find; rules, outputs, `--explain` and the documentation are held to it. */
import { authCodes } from './codes/auth.ts';
import { changeCodes } from './codes/change.ts';
import type { Code } from './codes/code.ts';
import { compositionCodes } from './codes/composition.ts';
import { contractCodes } from './codes/contract.ts';
import { costCodes } from './codes/cost.ts';
import { ruleCodes } from './codes/rule.ts';

export const CODES: Readonly<Record<string, Code>> = {
  ...compositionCodes,
  ...changeCodes,
  ...costCodes,
  ...authCodes,
  ...ruleCodes,
  ...contractCodes,
};
