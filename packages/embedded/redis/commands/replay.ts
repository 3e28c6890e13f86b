/** Commands that stand only in the log. */
import { PENDING_EFFECT } from '../pending-effect.ts';
import { OK, type Reply } from '../protocol/reply.ts';
import { addPending, createConsumer, handOver, type Pending } from '../values/stream.ts';
import { type Call, type Command, FIRST } from './command.ts';
import { groupAt, streamId } from './stream-arguments.ts';

function pendingEntries(call: Call): Reply {
  const [, , , name, deliveredAt, deliveries, ...ids] = call.args as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const { group } = groupAt(call);
  const consumer = group.consumers.get(name) ?? createConsumer(group, name, call.instance.startedAt);
  for (const text of ids as string[]) {
    const { ms, seq } = streamId(text);
    const known = group.pending.find({ ms, seq });
    const pending: Pending = known ?? { ms, seq, consumer, deliveredAt: 0, deliveries: 0 };
    if (known) handOver(known, consumer);
    else addPending(group, pending);
    pending.deliveredAt = Number(deliveredAt);
    pending.deliveries = Number(deliveries);
  }
  return OK;
}

export const replayCommands: readonly Command[] = [
  { name: PENDING_EFFECT, arity: -7, flags: 'write', keys: FIRST, run: pendingEntries },
];
