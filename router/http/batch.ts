/** Several operations in one request, where the settings allow it: run side by side, answered in a list in order. */
import type { HttpResponse } from '@souk/kit/http/handler';
import type { Refusal } from '../refusal.ts';
import { newTrail, type Trail } from '../trail.ts';
import type { Params } from './read-params.ts';
import type { AnswerType } from './respond.ts';

/** Answers one of them, and writes down how that went. */
export type Asked = (params: Params | Refusal, trail: Trail) => Promise<HttpResponse>;

/** The list is there with 200 whatever happened in it: each operation tells its own fault. */
export async function answerBatch(
  batch: readonly (Params | Refusal)[],
  type: AnswerType,
  trail: Trail,
  ask: Asked,
): Promise<HttpResponse> {
  const trails = batch.map(() => newTrail(trail.requestId));
  const responses = await Promise.all(batch.map((params, index) => ask(params, trails[index]!)));
  for (const { fetches, errors, withheld, cost, isExplained } of trails) {
    trail.fetches.push(...fetches);
    trail.errors.push(...errors);
    trail.withheld += withheld;
    if (cost !== undefined) trail.cost = (trail.cost ?? 0) + cost;
    if (isExplained) trail.isExplained = true;
  }
  const hash = trails.map(({ operation }) => operation?.hash ?? '-').join(' ');
  trail.operation = { name: `batch of ${batch.length}`, kind: 'batch', hash };
  return {
    status: 200,
    headers: { ...responses[0]!.headers, 'content-type': `${type}; charset=utf-8` },
    body: `[${responses.map(({ body }) => body.toString()).join(',')}]`,
  };
}
