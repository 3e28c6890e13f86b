/** Runs frontend messages through Postgres' own main loop, one message at a time, and collects what it answers. */
import { isLongJump, type PostgresModule } from './postgres-module.ts';

export interface Conversation {
  /** The next whole message for Postgres; undefined when there is none and Postgres is not to wait for one. */
  next(): Buffer | undefined;
  /** Whether next() has one without waiting. */
  more(): boolean;
  /** Postgres' bytes, in any cut; they are valid during the call only. */
  answer(bytes: Buffer): void;
}

export interface Backend {
  run(conversation: Conversation): void;
  /** Calls into Postgres outside of its main loop; false when it ended in an error, which was then answered. */
  attempt(conversation: Conversation, work: () => void): boolean;
  /** Hands over what Postgres has written but still keeps in its own buffer. */
  flush(): void;
  /** As flush(), and lets Postgres tell that it is ready, which it otherwise does when it asks for the next message. */
  settle(): void;
}

export function backendOf(module: PostgresModule): Backend {
  let current: Conversation | undefined;
  /** What is left of the message that Postgres is reading; it takes at most a buffer's length at once. */
  let rest: Buffer = Buffer.alloc(0);

  const read = (target = 0, size = 0): number => {
    if (rest.length === 0) rest = current?.next() ?? rest;
    const taken = Math.min(size, rest.length);
    module.HEAPU8.set(rest.subarray(0, taken), target);
    rest = rest.subarray(taken);
    return taken;
  };
  const write = (source = 0, size = 0): number => {
    const { buffer } = module.HEAPU8;
    current?.answer(Buffer.from(buffer, source, size));
    return size;
  };
  module._pgl_set_rw_cbs(module.addFunction(read, 'ipi'), module.addFunction(write, 'ipi'));

  /** An ERROR leaves Postgres' code by an exception; its clean-up then runs as a call of its own. */
  const guarded = (step: () => void): boolean => {
    const stack = module.stackSave();
    try {
      step();
      return true;
    } catch (thrown) {
      module.stackRestore(stack);
      if (!isLongJump(thrown)) throw thrown;
      module._PostgresMainLongJmp();
      return false;
    }
  };

  const settle = () => {
    module._PostgresSendReadyForQueryIfNecessary();
    module._pgl_pq_flush();
  };

  const run = (conversation: Conversation) => {
    current = conversation;
    rest = Buffer.alloc(0);
    while (rest.length > 0 || conversation.more() || module._pq_buffer_remaining_data() > 0)
      guarded(() => module._PostgresMainLoopOnce());
    settle();
    current = undefined;
  };

  const attempt = (conversation: Conversation, work: () => void): boolean => {
    current = conversation;
    const succeeded = guarded(work);
    if (succeeded) module._pgl_pq_flush();
    else settle();
    current = undefined;
    return succeeded;
  };

  return { run, attempt, flush: () => module._pgl_pq_flush(), settle };
}
