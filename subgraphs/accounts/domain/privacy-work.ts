/**
 * Carries privacy requests out. Each domain that holds something about people is asked, again and again until it
 * answers; an answer moves its row, and the last one completes the request. Any number of processes may do this work.
 */

import type { Log } from '@souk/kit/observe/log';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import type { PrivacyAnswer, PrivacyCommand } from '@souk/kit/room/privacy';
import {
  deleteArchivesCompletedBefore,
  findPrivacyRequests,
  findStepsOfRequest,
  finishStep,
  lockPrivacyRequest,
  lockRequestsToStart,
  lockStepsToAsk,
  movePrivacyRequest,
  noteStepAsked,
  postponeStep,
  reopenFailedSteps,
} from '../store/privacy-requests.ts';
import type { PrivacyRequestRow, PrivacyStepRow } from '../store/tables.ts';
import { eraseOwnData } from './privacy-erasure.ts';
import { exportOwnData } from './privacy-export.ts';
import { requested, start } from './privacy-requests.ts';
import { tell } from './record.ts';
import type { Actor, Services } from './services.ts';
import { revokeUser } from './sessions.ts';

export const OWN_DOMAIN = 'accounts';
const AT_ONCE = 50;
const MINUTE_MS = 60_000;
/** 1, 2, 4, … minutes, six hours at most: two days in all, of the month that the law gives. */
const MAX_ASKED = 15;
const MAX_WAIT_MS = 6 * 60 * MINUTE_MS;
/** An archive can be fetched for so long. */
export const ARCHIVE_KEPT_MS = 14 * 24 * 60 * MINUTE_MS;

export interface PrivacyWorkOptions {
  services: Services;
  log: Log;
  ask(command: PrivacyCommand): Promise<void>;
}

/** No person and no key: the clock, or a domain's answer. */
const SYSTEM: Actor = {
  viewer: { scopes: [] },
  requestId: 'privacy-work',
  device: 'system',
  network: undefined,
};

/** One round: what is due is started, asked for, or done here. */
export async function workOnPrivacyRequests(options: PrivacyWorkOptions): Promise<void> {
  const { services } = options;
  await inTransaction(services.db, (tx) => startDue(tx, services));
  const steps = await inTransaction(services.db, (tx) => claimSteps(tx, options));
  for (const step of steps) {
    const [request] = await findPrivacyRequests(services.db, [step.requestId]);
    if (request?.state !== 'RUNNING') continue;
    const { id: requestId, kind, userId } = request;
    if (step.domain !== OWN_DOMAIN)
      await options.ask({ requestId, kind, userId, domain: step.domain, askedBy: OWN_DOMAIN });
    else if (await workOwnStep(services, request)) await askOnceMore(options, request);
  }
  const oldest = new Date(services.now().getTime() - ARCHIVE_KEPT_MS);
  await deleteArchivesCompletedBefore(services.db, oldest);
}

/** Answers may come twice, late, or from a domain that nobody asked: only the first to an open step counts. */
export async function takeAnswer(services: Services, answer: PrivacyAnswer): Promise<void> {
  const { requestId, domain, records, retained, data } = answer;
  await inTransaction(services.db, async (tx) => {
    const [request] = await lockPrivacyRequest(tx, requestId);
    if (request?.state !== 'RUNNING') return;
    await finish(tx, services, request, domain, { records, retained: retained ?? null, data });
  });
  services.privacyWork.wake();
}

/** For the domains that gave up, once what kept them is mended. Answers their names. */
export async function retryPrivacyRequest(
  services: Pick<Services, 'db' | 'now' | 'newId' | 'outbox'>,
  requestId: string,
): Promise<string[]> {
  return inTransaction(services.db, async (tx) => {
    const [request] = await lockPrivacyRequest(tx, requestId);
    if (request?.state !== 'FAILED') return [];
    const reopened = await reopenFailedSteps(tx, requestId, services.now());
    await movePrivacyRequest(tx, requestId, 'RUNNING', null);
    const domains = reopened.map(({ domain }) => domain);
    await tell(tx, services, SYSTEM, progress(request, 'accounts.privacy.retried', { domains }));
    return domains;
  });
}

async function startDue(tx: Queryable, services: Services): Promise<void> {
  for (const request of await lockRequestsToStart(tx, services.now(), AT_ONCE)) {
    const running = await start(tx, services, request);
    await tell(tx, services, SYSTEM, requested(services, running));
  }
}

type Step = Omit<PrivacyStepRow, 'data'>;

/** Those to ask now. Noted before they are asked: a command may get lost, and is then sent again later. */
async function claimSteps(tx: Queryable, { services, log }: PrivacyWorkOptions): Promise<Step[]> {
  const now = services.now();
  const claimed: Step[] = [];
  for (const step of await lockStepsToAsk(tx, now, AT_ONCE)) {
    if (step.asked < MAX_ASKED) {
      await noteStepAsked(tx, step.requestId, step.domain, new Date(now.getTime() + waitAfter(step.asked)));
      claimed.push(step);
      continue;
    }
    await finishStep(tx, step.requestId, step.domain, { state: 'FAILED', finishedAt: now });
    const [request] = await movePrivacyRequest(tx, step.requestId, 'FAILED', null);
    const { domain } = step;
    await tell(tx, services, SYSTEM, progress(request!, 'accounts.privacy.failed', { domain }));
    log.error(
      { privacyRequestId: step.requestId, domain: step.domain, asked: step.asked },
      'A domain did not answer a privacy request; mend it, then run: npm run privacy:retry -- <request id>',
    );
  }
  return claimed;
}

export function waitAfter(asked: number): number {
  return Math.min(2 ** asked * MINUTE_MS, MAX_WAIT_MS);
}

/** For what the person did while the others had forgotten them and this domain had not. Answers move nothing any more. */
async function askOnceMore(
  { services, ask }: PrivacyWorkOptions,
  { id: requestId, kind, userId }: PrivacyRequestRow,
): Promise<void> {
  for (const domain of services.privacyDomains) {
    if (domain !== OWN_DOMAIN) await ask({ requestId, kind, userId, domain, askedBy: OWN_DOMAIN });
  }
}

/** Whether the person is erased here by it, and so everywhere. */
async function workOwnStep(services: Services, { id, kind, userId }: PrivacyRequestRow): Promise<boolean> {
  const erased = await inTransaction(services.db, async (tx) => {
    const [request] = await lockPrivacyRequest(tx, id);
    if (request?.state !== 'RUNNING') return undefined;
    if (kind === 'EXPORT') {
      const { records, data } = await exportOwnData(tx, userId);
      await finish(tx, services, request, OWN_DOMAIN, { records, retained: null, data });
      return undefined;
    }
    // Last: until then the person can sign in, see how far it is, and complain.
    const steps = await findStepsOfRequest(tx, id);
    if (steps.some(({ domain, state }) => domain !== OWN_DOMAIN && state !== 'DONE')) return undefined;
    const outcome = await eraseOwnData(tx, services, SYSTEM, userId);
    await finish(tx, services, request, OWN_DOMAIN, outcome);
    return outcome;
  });
  if (!erased) return false;
  await revokeUser(services, userId, erased.endedSessions);
  if (erased.notice) services.post(erased.notice);
  return true;
}

interface Found {
  records: number;
  retained: string | null;
  data?: unknown;
}

async function finish(
  tx: Queryable,
  services: Services,
  request: PrivacyRequestRow,
  domain: string,
  { records, retained, data }: Found,
): Promise<void> {
  const now = services.now();
  const outcome = { state: 'DONE', records, retained, finishedAt: now, data: data ?? null } as const;
  const [finished] = await finishStep(tx, request.id, domain, outcome);
  if (!finished) return;
  await tell(tx, services, SYSTEM, progress(request, 'accounts.privacy.answered', { domain }));
  const open = (await findStepsOfRequest(tx, request.id)).filter(({ state }) => state !== 'DONE');
  if (open.length === 1 && open[0]!.domain === OWN_DOMAIN)
    await postponeStep(tx, request.id, OWN_DOMAIN, now);
  if (open.length > 0) return;
  await movePrivacyRequest(tx, request.id, 'COMPLETED', now);
  const { kind } = request;
  await tell(tx, services, SYSTEM, progress(request, 'accounts.privacy.completed', { kind }));
}

function progress<Type extends string, More extends object>(
  { id: requestId, userId }: PrivacyRequestRow,
  type: Type,
  more: More,
) {
  return { type, aggregateId: userId, data: { requestId, userId, ...more } };
}
