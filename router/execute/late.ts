/** An executor that is loaded when it is first needed. */
import type { Executor } from './executor.ts';

/** `close` is called once nothing runs any more, whether it was ever needed or not. */
export function lateExecutor(load: () => Promise<Executor>, close: () => Promise<void>): Executor {
  let loading: Promise<Executor> | undefined;
  return {
    execute: async (operation) => {
      loading ??= load();
      return (await loading).execute(operation);
    },
    close,
  };
}
