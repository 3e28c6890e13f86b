/** Events of a subgraph in the same process. */
import type { Log } from '@souk/kit/observe/log';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import type { Upstream } from './upstream.ts';

export function createHandlerUpstream(subscribe: SubscribeHandler, log: Log): Upstream {
  return {
    open: ({ headers, ...call }, listener) => {
      let isOver = false;
      let events: AsyncIterableIterator<string> | undefined;
      const read = async (): Promise<void> => {
        const outcome = await subscribe({ ...call, headers: headers() });
        if (!outcome.ok) {
          if (!isOver) listener.fail(outcome.errors);
          return;
        }
        events = outcome.events;
        if (isOver) return end();
        for (;;) {
          const { done, value } = await events.next();
          if (isOver) return;
          if (done) return listener.complete();
          listener.next(Buffer.from(value));
        }
      };
      const end = (): void => {
        events?.return?.().catch((error: unknown) => {
          // Nobody listens to it any more.
          log.warn({ err: error }, 'A subscription within the process did not end cleanly');
        });
      };
      read().catch((error: unknown) => {
        // A handler tells its faults as errors; one that throws is as good as cut off.
        log.warn({ err: error }, 'A subscription within the process broke off');
        if (!isOver) listener.lost();
      });
      return () => {
        isOver = true;
        end();
      };
    },
    close: () => {},
  };
}
