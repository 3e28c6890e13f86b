/** What holds a post back until staff have read it. */
import { foldedText } from '@souk/kit/values/text-values';
import type { ModerationReason, QueueEntry } from '../store/queue-entry.ts';
import type { ModerationState } from '../store/review-document.ts';
import type { ShopRules } from './services.ts';

/** So many unsettled reports hide a review. */
export const REPORTS_THAT_HIDE = 5;

/**
 * Web and mail addresses, also without the part before the host: `shop.store`, `me@shop.example`. Two letters behind a dot
 * are an address only with a path (`bit.ly/x`): people forget the space behind a full stop.
 */
const LINK =
  /(?:https?:\/\/|www\.)\S|[\w.+-]+@[\w-]+\.\w|\b[a-z0-9][a-z0-9-]*\.(?:(?:com|net|org|info|biz|shop|store|online|site|xyz)\b|[a-z]{2}\/\S)/i;

/** Small letters without accents, single spaces: `Cąsino,  ROYALE!` is `casino royale`. */
export function foldText(text: string): string {
  const words = foldedText(text).match(/[\p{L}\p{N}]+/gu);
  return words ? words.join(' ') : '';
}

export function reasonsInTexts(
  { blockedWords }: Pick<ShopRules, 'blockedWords'>,
  texts: readonly string[],
): ModerationReason[] {
  const reasons: ModerationReason[] = [];
  const folded = texts.map((text) => ` ${foldText(text)} `);
  const hasBlocked = blockedWords.some((word) => folded.some((text) => text.includes(` ${word} `)));
  if (hasBlocked) reasons.push('BLOCKED_WORD');
  if (texts.some((text) => LINK.test(text))) reasons.push('LINK');
  return reasons;
}

/** What is known about whoever writes. */
export interface AuthorStanding {
  isBuyer: boolean;
  hasPublished: boolean;
  isStaff: boolean;
}

export function reasonsToHold(
  rules: ShopRules,
  texts: readonly string[],
  { isBuyer, hasPublished, isStaff }: AuthorStanding,
): ModerationReason[] {
  if (isStaff) return [];
  const reasons = reasonsInTexts(rules, texts);
  if (rules.holdsFirstPosts && !isBuyer && !hasPublished) reasons.push('FIRST_POST');
  return reasons;
}

export interface Standing {
  state: Extract<ModerationState, 'PENDING' | 'PUBLISHED'>;
  queue: QueueEntry | null;
}

export interface StandingInput {
  /** Why the text waits. */
  held: readonly ModerationReason[];
  reportCount: number;
  /** Its place in the queue, which an edit does not change. */
  queue: QueueEntry | null;
  now: Date;
  newQueueId(): string;
}

/** Reports alone bring it before staff; five of them, or any other reason, hide it meanwhile. */
export function standingOf({ held, reportCount, queue, now, newQueueId }: StandingInput): Standing {
  const reasons: ModerationReason[] = reportCount > 0 ? ['REPORTED', ...held] : [...held];
  if (reasons.length === 0) return { state: 'PUBLISHED', queue: null };
  return {
    state: held.length > 0 || reportCount >= REPORTS_THAT_HIDE ? 'PENDING' : 'PUBLISHED',
    queue: { id: queue?.id ?? newQueueId(), reasons, reportCount, queuedAt: queue?.queuedAt ?? now },
  };
}
