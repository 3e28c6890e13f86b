/** The pipelines that drivers count with need no document decoded. */
import { docFrom, getField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';

/** For a pipeline that only counts: what it gives for so many documents. */
export function countingPipeline(stages: readonly Value[]): ((count: number) => Doc) | undefined {
  const [stage] = stages;
  if (stages.length !== 1 || !isDoc(stage)) return undefined;
  const { $count, $group } = stage as Record<string, Value | undefined>;
  if (typeof $count === 'string') return (count) => docFrom([[$count, count]]);
  return isDoc($group) ? countingGroup($group) : undefined;
}

/** `{_id: <constant>, n: {$sum: 1}}` */
function countingGroup(group: Doc): ((count: number) => Doc) | undefined {
  const [idName, name, ...others] = Object.keys(group);
  const id = getField(group, '_id');
  const isConstant = id === null || typeof id === 'number';
  if (idName !== '_id' || !isConstant || name === undefined || others.length > 0) return undefined;
  const accumulator = getField(group, name);
  const countsOnes =
    isDoc(accumulator) && Object.keys(accumulator).length === 1 && getField(accumulator, '$sum') === 1;
  return countsOnes
    ? (count) =>
        docFrom([
          ['_id', id],
          [name, count],
        ])
    : undefined;
}
