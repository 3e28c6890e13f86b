/** Subscriptions of a room as a test reads them: one answer after the other, asked for by whomever it names. */
import type { KeyObject } from 'node:crypto';
import { signViewer, VIEWER_HEADER, type Viewer } from '../auth/viewer.ts';
import type { SubscribeHandler } from '../subscriptions/subscribe.ts';

export interface Followed {
  /** The field's own part of the next answer. Throws the errors of one that has any. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks for is what it reads
  next(): Promise<any>;
  stop(): Promise<unknown>;
}

export function following(subscribe: SubscribeHandler, key: KeyObject) {
  const ask = (viewer: Viewer, query: string, variables: Record<string, unknown>) =>
    subscribe({ query, variables, headers: { [VIEWER_HEADER]: signViewer(viewer, key) } });
  return {
    follow: async (
      viewer: Viewer,
      query: string,
      variables: Record<string, unknown> = {},
    ): Promise<Followed> => {
      const outcome = await ask(viewer, query, variables);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
      const { events } = outcome;
      return {
        next: async () => {
          const { value } = (await events.next()) as { value: string | undefined };
          const { data, errors } = JSON.parse(value ?? '{"errors":"it is over"}');
          if (errors) throw new Error(JSON.stringify(errors));
          return Object.values(data)[0];
        },
        stop: async () => events.return?.(),
      };
    },
    /** The code of the refusal, with the argument at fault. */
    refusal: async (viewer: Viewer, query: string, variables: Record<string, unknown> = {}) => {
      const outcome = await ask(viewer, query, variables);
      if (outcome.ok) {
        await outcome.events.return?.();
        return 'not refused';
      }
      const { code, argument } = outcome.errors[0]!.extensions!;
      return argument === undefined ? code : `${code} ${argument}`;
    },
  };
}
