/**
 * How a domain takes part in exports and erasures. The domain that keeps the requests asks on the stream
 * `souk:privacy:<domain>`, and asks again until it is answered; so a command or an answer that gets lost does no harm,
 * and a duty may be called more than once for the same person.
 */
import type { Redis } from 'ioredis';
import type { Log } from '../observe/log.ts';
import { readGroup, type StreamReader } from '../redis/group.ts';

export interface PrivacyCommand {
  requestId: string;
  kind: 'EXPORT' | 'ERASURE';
  userId: string;
  /** The domain that is asked. */
  domain: string;
  /** The domain that asks, and is answered. */
  askedBy: string;
}

export interface PrivacyAnswer {
  requestId: string;
  domain: string;
  records: number;
  /** What is kept, and the law that says so. */
  retained?: string | null;
  /** What an export found, as JSON. */
  data?: unknown;
}

/** What a domain does about one person. A duty that throws is asked for again later. */
export interface PrivacyDuties {
  exportUser(userId: string): Promise<{ records: number; data: unknown }>;
  eraseUser(userId: string): Promise<{ records: number; retained?: string | null }>;
}

export interface PrivacyParticipation {
  redis: Redis;
  domain: string;
  duties: PrivacyDuties;
  log: Log;
}

/** Commands nobody reads are asked again anyway; the stream of a domain that is gone must not grow for ever. */
const MAX_COMMANDS = 10_000;

/** The domain's side. Several processes of a domain share the work. */
export function answerPrivacyCommands({ redis, domain, duties, log }: PrivacyParticipation): StreamReader {
  const handle = async (command: unknown) => {
    const { requestId, kind, userId, askedBy } = command as PrivacyCommand;
    try {
      const found = kind === 'EXPORT' ? await duties.exportUser(userId) : await duties.eraseUser(userId);
      const answer: PrivacyAnswer = { requestId, domain, ...found };
      await redis.xadd(answersTo(askedBy), '*', 'json', JSON.stringify(answer));
    } catch (error) {
      // Not thrown on, since whoever asked will ask again.
      log.error(
        { err: error, privacyRequestId: requestId, kind },
        'A privacy request could not be carried out',
      );
    }
  };
  return readGroup({ redis, stream: streamOf(domain), group: domain, handle, log });
}

/** The asking side. */
export async function sendPrivacyCommand(redis: Redis, command: PrivacyCommand): Promise<void> {
  await redis.xadd(
    streamOf(command.domain),
    'MAXLEN',
    '~',
    MAX_COMMANDS,
    '*',
    'json',
    JSON.stringify(command),
  );
}

export function receivePrivacyAnswers(
  redis: Redis,
  askedBy: string,
  take: (answer: PrivacyAnswer) => Promise<void>,
  log: Log,
): StreamReader {
  return readGroup({
    redis,
    stream: answersTo(askedBy),
    group: askedBy,
    handle: (answer) => take(answer as PrivacyAnswer),
    log,
  });
}

function answersTo(domain: string): string {
  return `souk:privacy:${domain}:answers`;
}

function streamOf(domain: string): string {
  return `souk:privacy:${domain}`;
}
