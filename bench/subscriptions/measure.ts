/** One run: a router, its clients, a stream of numbered events; and what came of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from './clock.ts';
import { type Crowd, gather } from './crowd.ts';
import type { Report } from './load.ts';
import { type Role, type RouterName, type Stage, setStage } from './stage.ts';
import { publish } from './stream.ts';

export interface Plan {
  router: RouterName;
  clients: number;
  /** Events a second. */
  rate: number;
  seconds: number;
  /** Each is killed once under load; clients then come back with their cursors. */
  restarts: readonly Role[];
  /** Folder for a CPU profile of Souk's router. */
  profile?: string | undefined;
}

export interface Outcome {
  plan: Plan;
  report: Report;
  /** Clients times events. */
  expected: number;
  /** Of the router's process: CPU for one message to one client, and what it held at the end. */
  cpuUs: number | undefined;
  memoryMb: number | undefined;
}

const HEARING_WITHIN_MS = 60_000;
/** What is under way at the end of a run may arrive; a router that drowns has lost the rest. */
const SETTLED_WITHIN_MS = 15_000;
const WARM_UP_MS = 3_000;

export async function measure(plan: Plan): Promise<Outcome> {
  const stage = await setStage(plan.router, plan.profile);
  let crowd: Crowd | undefined;
  try {
    crowd = await gather({ url: stage.url, clients: plan.clients, resume: plan.restarts.length > 0 });
    const publisher = startPublisher(stage, plan.rate);
    await untilAllHear(crowd, plan.clients);
    await sleep(WARM_UP_MS);
    const from = publisher.next();
    crowd.window(from);
    const cpuBefore = await stage.process('router').cpuMs();
    for (const role of plan.restarts) {
      await sleep((plan.seconds * 1_000) / (plan.restarts.length + 1));
      await stage.restart(role);
    }
    await sleep((plan.seconds * 1_000) / (plan.restarts.length + 1));
    const to = await publisher.stop();
    const report = await untilSettled(crowd, plan.clients, from, to);
    const cpuAfter = await stage.process('router').cpuMs();
    const memoryMb = await stage.process('router').memoryMb();
    const isOneProcess = !plan.restarts.includes('router');
    const known = isOneProcess && cpuBefore !== undefined && cpuAfter !== undefined && report.received > 0;
    return {
      plan,
      report,
      expected: plan.clients * (to - from + 1),
      cpuUs: known ? ((cpuAfter - cpuBefore) * 1_000) / report.received : undefined,
      memoryMb,
    };
  } finally {
    crowd?.stop();
    await stage.stop();
  }
}

/** Numbers from 1 on, at a steady pace, in order also when Redis makes it wait. */
function startPublisher({ redis }: Stage, rate: number) {
  const started = performance.now();
  let [seq, isRunning] = [0, true];
  const running = (async () => {
    while (isRunning) {
      await publish(redis, ++seq, nowUs());
      await sleep(Math.max(0, started + (seq * 1_000) / rate - performance.now()));
    }
  })();
  return {
    next: () => seq + 1,
    /** The last number. */
    stop: async () => {
      isRunning = false;
      await running;
      return seq;
    },
  };
}

async function untilAllHear(crowd: Crowd, clients: number): Promise<void> {
  for (const until = performance.now() + HEARING_WITHIN_MS; performance.now() < until; await sleep(500)) {
    if ((await crowd.report(0, 0)).hearing === clients) return;
  }
  // Those who hear nothing are told as lost.
}

async function untilSettled(crowd: Crowd, clients: number, from: number, to: number): Promise<Report> {
  for (const until = performance.now() + SETTLED_WITHIN_MS; ; await sleep(500)) {
    const report = await crowd.report(from, to);
    if (report.finished === clients || performance.now() > until) return report;
  }
}
