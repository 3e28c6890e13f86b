/** A view: a pipeline that stands where a collection would. */
import type { Doc } from '../values/types.ts';

export interface View {
  readonly info: { readonly number: number; readonly database: string; readonly name: string };
  readonly viewOn: string;
  readonly pipeline: readonly Doc[];
  readonly collation: Doc | undefined;
}
