/** The engine's side of the channel: it waits for messages without an event loop, even in the middle of a statement. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type FromEngine, SLOT, stateAt, type ToEngine, unsentAt, WAKE } from '../channel.ts';
import { RESULT_WINDOW, SEND_HIGH } from '../limits.ts';

export interface Inbox {
  /** Undefined when nothing came for so long. */
  wait(milliseconds?: number): ToEngine | undefined;
  tell(message: FromEngine, transfer?: ArrayBuffer[]): void;
  /** False: its client no longer wants it. */
  startJob(slot: number): boolean;
  /** Whether the running job is to stop; true once for each request. */
  takeCancel(): boolean;
  /** Sends a part of the running job's output, and waits while too much of it is on its way. */
  sendOutput(session: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** So much of the running job's output is on its way that its client is to read before it gets more. */
  isBehind(): boolean;
}

export function inboxOf(port: MessagePort, numbers: Int32Array): Inbox {
  let running = 0;

  const wait = (milliseconds = Number.POSITIVE_INFINITY): ToEngine | undefined => {
    for (;;) {
      const seen = Atomics.load(numbers, WAKE);
      const received = receiveMessageOnPort(port);
      if (received) return received.message as ToEngine;
      if (Atomics.wait(numbers, WAKE, seen, milliseconds) === 'timed-out') return undefined;
    }
  };

  const tell = (message: FromEngine, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

  const takeCancel = () =>
    Atomics.compareExchange(numbers, stateAt(running), SLOT.cancelled, SLOT.started) === SLOT.cancelled;

  const sendOutput = (session: number, bytes: Uint8Array<ArrayBuffer>) => {
    Atomics.add(numbers, unsentAt(running), bytes.length);
    tell({ type: 'output', session, slot: running, bytes }, [bytes.buffer]);
    for (;;) {
      const unsent = Atomics.load(numbers, unsentAt(running));
      if (unsent <= RESULT_WINDOW || Atomics.load(numbers, stateAt(running)) === SLOT.cancelled) return;
      Atomics.wait(numbers, unsentAt(running), unsent, LOOK_UP_EVERY);
    }
  };

  return {
    wait,
    tell,
    startJob(slot) {
      running = slot;
      return Atomics.compareExchange(numbers, stateAt(slot), SLOT.queued, SLOT.started) === SLOT.queued;
    },
    takeCancel,
    sendOutput,
    isBehind: () => Atomics.load(numbers, unsentAt(running)) > SEND_HIGH,
  };
}

/** Milliseconds; a cancel that arrives while the output is stuck wakes nobody by itself. */
const LOOK_UP_EVERY = 100;
