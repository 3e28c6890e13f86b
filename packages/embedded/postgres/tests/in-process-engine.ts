/** The engine without its thread: jobs in, results out, in the test's own process. */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import {
  type FromEngine,
  type Job,
  type JobResult,
  type Setting,
  SLOT,
  sharedNumbers,
  stateAt,
  type ToEngine,
  unsentAt,
} from '../channel.ts';
import { assembleEngine } from '../engine/assemble.ts';
import { bootOptions } from '../engine/boot.ts';
import { type Inbox, inboxOf } from '../engine/inbox.ts';
import type { Runner } from '../engine/runner.ts';
import { templatePath } from '../template.ts';
import { HEAD, joinExactly, messagesIn } from '../wire/messages.ts';
import type { Message } from './raw-client.ts';

export interface InProcessEngine {
  parameters: readonly Setting[];
  runner: Runner;
  inbox: Inbox;
  numbers: Int32Array;
  open(session: number, settings?: Setting[]): JobResult;
  run(session: number, ...frames: Uint8Array[]): JobResult;
  /** As run(), but its client has already asked to stop it. */
  runCancelled(session: number, ...frames: Uint8Array[]): JobResult;
  close(session: number): JobResult;
  /** To be received by the engine when it next waits. */
  send(message: ToEngine): void;
  /** What the engine has told since this was asked last. */
  told(): FromEngine[];
  stop(): Promise<void>;
}

const { hostPGlite } = globalThis as unknown as { hostPGlite: typeof PGlite };

export function newDataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'souk-engine-'));
  cpSync(templatePath(), join(dir, 'data'), { recursive: true });
  return dir;
}

export async function startInProcess(dir: string): Promise<InProcessEngine> {
  const postgres = await hostPGlite.create(bootOptions(join(dir, 'data'), () => {}));
  const { port1, port2 } = new MessageChannel();
  const numbers = sharedNumbers(4);
  const inbox = inboxOf(port2, numbers);
  const { runner, parameters } = await assembleEngine(postgres, inbox);
  const job = (session: number, task: Job['task'], slotState: number = SLOT.started): JobResult => {
    numbers[unsentAt(0)] = 0;
    numbers[stateAt(0)] = SLOT.queued;
    inbox.startJob(0);
    numbers[stateAt(0)] = slotState;
    return runner.run({ session, slot: 0, task });
  };
  return {
    parameters,
    runner,
    inbox,
    numbers,
    open: (session, settings = []) => job(session, { kind: 'open', settings, told: parameters }),
    run: (session, ...frames) => job(session, { kind: 'messages', bytes: joinExactly(frames) }),
    runCancelled: (session, ...frames) =>
      job(session, { kind: 'messages', bytes: joinExactly(frames) }, SLOT.cancelled),
    close: (session) => job(session, { kind: 'close' }),
    send: (message) => port1.postMessage(message),
    told() {
      const messages: FromEngine[] = [];
      for (let next = receiveMessageOnPort(port1); next; next = receiveMessageOnPort(port1))
        messages.push(next.message);
      return messages;
    },
    async stop() {
      await postgres.close();
      port1.close();
    },
  };
}

export function messagesOf({ output }: { output: Uint8Array }): Message[] {
  const bytes = Buffer.from(output);
  return [...messagesIn(bytes)].map(({ type, start, end }) => ({
    type,
    body: bytes.subarray(start + HEAD, end),
  }));
}

export const typesOf = (result: { output: Uint8Array }): string =>
  messagesOf(result)
    .map(({ type }) => type)
    .join('');
