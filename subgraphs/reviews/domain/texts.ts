/** What people write: cleaned of what cannot be shown, and held to a length in letters rather than UTF-16 units. */
import { invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { ReviewsErrorCode } from './error-codes.ts';

export interface TextRule {
  /** In a sentence: “The headline”. */
  name: string;
  min: number;
  max: number;
  isOneLine?: boolean;
}

export const HEADLINE: TextRule = { name: 'The headline', min: 1, max: 100, isOneLine: true };
export const REVIEW_TEXT: TextRule = { name: 'The review', min: 20, max: 5_000 };
export const QUESTION_TEXT: TextRule = { name: 'The question', min: 10, max: 1_000 };
export const ANSWER_TEXT: TextRule = { name: 'The answer', min: 2, max: 2_000 };
export const REPLY_TEXT: TextRule = { name: 'The reply', min: 2, max: 2_000 };
export const REJECTION_TEXT: TextRule = { name: 'The reason', min: 2, max: 1_000 };
export const COMMENT_TEXT: TextRule = { name: 'The comment', min: 0, max: 1_000 };

/** Control characters, halves of letters, and signs that turn the direction of text and so fake other text. */
const UNFIT = /[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/gu;
const LINE_BREAKS = /\r\n?|[\u2028\u2029]/g;

export function cleanText(typed: string): string {
  return typed.normalize('NFC').replace(LINE_BREAKS, '\n').replace(UNFIT, '').trim();
}

export function checkText(rule: TextRule, typed: string, field: string): Result<string, ReviewsErrorCode> {
  const text = rule.isOneLine ? cleanText(typed).replace(/\s+/g, ' ') : cleanText(typed);
  const length = [...text].length;
  if (length >= rule.min && length <= rule.max) return ok(text);
  const limits = rule.min === 0 ? `at most ${rule.max}` : `${rule.min} to ${rule.max}`;
  const message = `${rule.name} must have ${limits} characters, but has ${length}`;
  return refused(invalid('TEXT_LENGTH_INVALID', message, field));
}
