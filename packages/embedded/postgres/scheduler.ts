/**
 * Decides who has the engine. Connections wait in one line; those at its head travel to the engine together. A
 * transaction keeps the engine until it ends, and is ended when it idles too long while others wait.
 */
import type { Job, JobResult, SessionTimeouts } from './channel.ts';
import type { EngineThread } from './engine-thread.ts';
import { BATCH, CANCEL_GRACE, IDLE_TRANSACTION_LIMIT } from './limits.ts';
import type { CancelReason } from './wire/cancel-words.ts';

export type Task = Job['task'];

/** A connection as the scheduler sees it. */
export interface Client {
  readonly id: number;
  readonly timeouts: SessionTimeouts;
  hasTask(): boolean;
  takeTask(): Task;
  /** The task just taken was not run. */
  returnTask(): void;
  /** Its first statement is answered with an error instead of being run. */
  refuseStatement(reason: CancelReason): void;
  /** A part of its result; the next one may wait until this has been sent. */
  onOutput(bytes: Uint8Array, onSent: () => void): void;
  /** Its task is done: it may have another one. Quick, for others wait. */
  onLanded(result: JobResult): void;
  /** Then, what the client is to know of it. */
  onResult(result: JobResult, cancelled: CancelReason | undefined): void;
  /** Data for the COPY that it runs; undefined while there is none. */
  copyInput(): Uint8Array | undefined;
  endIdleTransaction(): void;
}

export interface Scheduler {
  /** The client may have something to run. */
  wake(client: Client): void;
  /** Stops its waiting or running statement, if it has one. */
  cancel(client: Client, reason: CancelReason): void;
  onNeedsInput(session: number): void;
  onOutput(session: number, bytes: Uint8Array, onSent: () => void): void;
  onResult(result: JobResult | undefined, finished: boolean): void;
  /** A new engine; there is none until then, and again after the old one's death. */
  setEngine(engine: EngineThread | undefined): void;
  /** Resolves once no statement runs. */
  drained(): Promise<void>;
}

interface Flight {
  client: Client;
  cancelled?: CancelReason;
  timers: NodeJS.Timeout[];
}

export function createScheduler(onUnstoppable: () => void): Scheduler {
  let engine: EngineThread | undefined;
  /** In order of arrival, each with the timer that ends its waiting. */
  const line = new Map<Client, NodeJS.Timeout | undefined>();
  const flights = new Map<number, Flight>();
  /** A batch is in the engine; some of its flights may have landed already. */
  let busy = false;
  let holder: Client | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  /** The holder has idled for the whole limit, but nobody else wanted the engine. */
  let overdue = false;
  /** Whose COPY waits for more data. */
  let inputWanted: Client | undefined;
  let onDrained: (() => void)[] = [];

  const joinLine = (client: Client) => {
    if (line.has(client) || flyingClient(client.id)) return;
    line.set(client, waitTimer(client));
    if (overdue && client !== holder) endIdleHolder();
  };

  const leaveLine = (client: Client) => {
    clearTimeout(line.get(client));
    line.delete(client);
  };

  /** Waiting for the engine is waiting for a lock, and counts as running, too. */
  const waitTimer = (client: Client): NodeJS.Timeout | undefined => {
    const { statement, lock } = client.timeouts;
    const limit = Math.min(statement || Number.POSITIVE_INFINITY, lock || Number.POSITIVE_INFINITY);
    if (!Number.isFinite(limit)) return undefined;
    return setTimeout(
      () => cancel(client, limit === statement ? 'statement_timeout' : 'lock_timeout'),
      limit,
    );
  };

  const pump = () => {
    if (!engine || busy) return;
    if (holder) {
      if (!holder.hasTask()) return watchIdleHolder(holder);
      leaveLine(holder);
      return depart([holder]);
    }
    const clients: Client[] = [];
    for (const client of line.keys()) {
      leaveLine(client);
      if (client.hasTask()) clients.push(client);
      if (clients.length === BATCH) break;
    }
    if (clients.length) depart(clients);
    else finishDraining();
  };

  const depart = (clients: readonly Client[]) => {
    busy = true;
    stopWatchingIdle();
    const jobs = clients.map((client, slot): Job => {
      flights.set(slot, { client, timers: [] });
      return { session: client.id, slot, task: client.takeTask() };
    });
    for (const [slot, flight] of flights) startRunTimer(slot, flight);
    engine?.run(jobs);
  };

  const startRunTimer = (slot: number, flight: Flight) => {
    const { statement } = flight.client.timeouts;
    if (statement)
      flight.timers.push(setTimeout(() => cancelFlight(slot, flight, 'statement_timeout'), statement));
  };

  const land = (slot: number): Flight | undefined => {
    const flight = flights.get(slot);
    for (const timer of flight?.timers ?? []) clearTimeout(timer);
    flights.delete(slot);
    return flight;
  };

  const onResult = (result: JobResult | undefined, finished: boolean) => {
    inputWanted = undefined;
    const flight = result && land(result.slot);
    if (flight) {
      const { client } = flight;
      client.onLanded(result);
      if (result.state !== 'idle' && !result.ended) holder = client;
      else if (holder === client) holder = undefined;
      if (client.hasTask()) joinLine(client);
    }
    if (finished) {
      busy = false;
      turnBack();
      // The engine gets its next jobs before the socket gets this result: it need not wait for that.
      pump();
    }
    if (!flight) return;
    flight.client.onResult(result, flight.cancelled);
    wake(flight.client);
  };

  /** A transaction stayed open in front of them: they go back to the head of the line. */
  const turnBack = () => {
    const others = [...line.keys()];
    for (const slot of [...flights.keys()]) {
      const client = (land(slot) as Flight).client;
      client.returnTask();
      line.set(client, waitTimer(client));
    }
    // A Map keeps the order in which keys were set.
    for (const client of others) {
      const timer = line.get(client);
      line.delete(client);
      line.set(client, timer);
    }
  };

  const wake = (client: Client) => {
    if (inputWanted === client) return feed(client);
    if (client.hasTask()) joinLine(client);
    pump();
  };

  const feed = (client: Client) => {
    const input = client.copyInput();
    if (!input) return;
    inputWanted = undefined;
    stopWatchingIdle();
    engine?.feed(input);
  };

  const flyingClient = (id: number): Client | undefined => {
    for (const { client } of flights.values()) if (client.id === id) return client;
    return undefined;
  };

  const cancel = (client: Client, reason: CancelReason) => {
    if (line.has(client)) {
      leaveLine(client);
      client.refuseStatement(reason);
      return wake(client);
    }
    for (const [slot, flight] of flights) if (flight.client === client) cancelFlight(slot, flight, reason);
  };

  const cancelFlight = (slot: number, flight: Flight, reason: CancelReason) => {
    if (engine?.withdraw(slot)) {
      land(slot);
      flight.client.returnTask();
      flight.client.refuseStatement(reason);
      return wake(flight.client);
    }
    flight.cancelled = reason;
    engine?.cancel(slot);
    flight.timers.push(setTimeout(onUnstoppable, CANCEL_GRACE));
  };

  const watchIdleHolder = (client: Client) => {
    if (idleTimer) return;
    const own = client.timeouts.idleInTransaction || Number.POSITIVE_INFINITY;
    const limit = Math.min(own, IDLE_TRANSACTION_LIMIT);
    idleTimer = setTimeout(() => {
      overdue = true;
      if (line.size > 0 || limit === own) endIdleHolder();
      else if (Number.isFinite(own)) idleTimer = setTimeout(endIdleHolder, own - limit);
    }, limit);
  };

  const stopWatchingIdle = () => {
    clearTimeout(idleTimer);
    idleTimer = undefined;
    overdue = false;
  };

  const endIdleHolder = () => {
    const idle = inputWanted ?? holder;
    stopWatchingIdle();
    idle?.endIdleTransaction();
  };

  const finishDraining = () => {
    for (const resolve of onDrained) resolve();
    onDrained = [];
  };

  return {
    wake,
    cancel,
    onResult,
    onOutput(id, bytes, onSent) {
      const client = flyingClient(id);
      if (client) client.onOutput(bytes, onSent);
      else onSent();
    },
    onNeedsInput(id) {
      inputWanted = flyingClient(id);
      if (!inputWanted) return;
      watchIdleHolder(inputWanted);
      feed(inputWanted);
    },
    setEngine(next) {
      engine = next;
      if (!next) {
        for (const slot of [...flights.keys()]) land(slot);
        for (const client of [...line.keys()]) leaveLine(client);
        holder = undefined;
        busy = false;
        inputWanted = undefined;
        stopWatchingIdle();
        finishDraining();
      }
      pump();
    },
    drained() {
      return new Promise((resolve) => {
        onDrained.push(resolve);
        if (engine) pump();
        else finishDraining();
      });
    },
  };
}
