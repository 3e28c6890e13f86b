/** What those who follow events live let others see. */
import { Counter, Gauge } from 'prom-client';
import { codeOf, type ErrorCode } from '../errors/errors.ts';
import type { Metrics } from '../observe/metrics.ts';

const REASONS: Partial<Record<ErrorCode, string>> = { RESUME_EXPIRED: 'expired', SLOW_CONSUMER: 'slow' };

export function createLiveMetrics({ registry }: Metrics) {
  const registers = [registry];
  const followers = new Gauge({
    name: 'souk_event_followers',
    help: 'Who follows events of this domain live',
    registers,
  });
  const resumes = new Counter({
    name: 'souk_event_follower_resumes_total',
    help: 'Followers that came with a cursor',
    registers,
  });
  const ends = new Counter({
    name: 'souk_event_follower_ends_total',
    help: 'Followers that ended: they left, their cursor was too old, they were too slow, or something failed',
    labelNames: ['how'] as const,
    registers,
  });
  const pages = new Counter({
    name: 'souk_event_replay_pages_total',
    help: 'Pages of the stream that were read for followers',
    registers,
  });
  const cuts = new Counter({
    name: 'souk_event_followers_cut_total',
    help: 'Times that the connection was lost by which followers are woken',
    registers,
  });
  return {
    opened: (isResume: boolean) => {
      followers.inc();
      if (isResume) resumes.inc();
    },
    ended: (error: unknown) => {
      followers.dec();
      const code = codeOf(error);
      ends.inc({ how: error === undefined ? 'left' : ((code && REASONS[code]) ?? 'failed') });
    },
    page: () => pages.inc(),
    cut: () => cuts.inc(),
  };
}
