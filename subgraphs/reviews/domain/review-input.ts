/** What a shopper typed into a review, checked: all faults are told at once. */
import { invalid, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import type { ReviewsErrorCode } from './error-codes.ts';
import type { ShopRules } from './services.ts';
import { checkText, HEADLINE, REVIEW_TEXT, type TextRule } from './texts.ts';

export interface TypedReview {
  stars: number;
  title: string;
  body: string;
  mediaUrls?: readonly string[] | null | undefined;
}

export type TypedReviewChange = { [Field in keyof TypedReview]?: TypedReview[Field] | null | undefined };

export interface ReviewContent {
  stars: number;
  title: string;
  body: string;
  mediaUrls: string[];
}

const MAX_PICTURES = 5;

/** Parts that are left out are left out of the answer too. */
export function checkReviewInput(
  rules: Pick<ShopRules, 'mediaHosts'>,
  typed: TypedReviewChange,
): Result<Partial<ReviewContent>, ReviewsErrorCode> {
  const errors: UserError<ReviewsErrorCode>[] = [];
  const content: Partial<ReviewContent> = {};
  const { stars, title, body, mediaUrls } = typed;
  const take = (field: 'title' | 'body', rule: TextRule, text: string) => {
    const checked = checkText(rule, text, field);
    if (checked.ok) content[field] = checked.value;
    else errors.push(...checked.errors);
  };
  if (given(stars)) {
    if (Number.isInteger(stars) && stars >= 1 && stars <= 5) content.stars = stars;
    else errors.push(invalid('STARS_INVALID', `Give 1 to 5 stars, not ${stars}`, 'stars'));
  }
  if (given(title)) take('title', HEADLINE, title);
  if (given(body)) take('body', REVIEW_TEXT, body);
  if (given(mediaUrls)) {
    errors.push(...faultsOfPictures(rules.mediaHosts, mediaUrls));
    content.mediaUrls = [...mediaUrls];
  }
  return errors.length > 0 ? refused(...errors) : ok(content);
}

function given<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

function faultsOfPictures(hosts: readonly string[], urls: readonly string[]): UserError<ReviewsErrorCode>[] {
  if (urls.length > MAX_PICTURES) {
    const message = `A review shows at most ${MAX_PICTURES} pictures, but has ${urls.length}`;
    return [invalid('TOO_MANY_PICTURES', message, 'mediaUrls')];
  }
  return urls.flatMap((url, index) => {
    if (isAllowed(hosts, url)) return [];
    const places = hosts.length > 0 ? `use https and one of ${hosts.join(', ')}` : 'this shop takes none yet';
    return [
      invalid('MEDIA_HOST_NOT_ALLOWED', `Pictures cannot be shown from there; ${places}`, [
        'mediaUrls',
        index,
      ]),
    ];
  });
}

function isAllowed(hosts: readonly string[], text: string): boolean {
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'https:') return false;
  return hosts.some((host) => (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host));
}
