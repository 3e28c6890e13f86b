/** Makes Postgres stop the running statement where it next looks up, if its client has asked for that. */
import type { Inbox } from './inbox.ts';
import type { Memory, PostgresModule } from './postgres-module.ts';

export interface Cancel {
  check(): void;
  /** A request that came too late must not hit the next statement. */
  clear(): void;
}

export function cancelOf(module: PostgresModule, memory: Memory, inbox: Inbox): Cancel {
  const setPending = (value: 0 | 1) => {
    memory.setWord(module._QueryCancelPending, value);
    memory.setWord(module._InterruptPending, value);
  };
  return {
    check() {
      if (inbox.takeCancel()) setPending(1);
    },
    clear: () => setPending(0),
  };
}
