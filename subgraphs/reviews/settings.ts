/** What this room can be told; kit reads it from the environment, together with what every service can be told. */
import { integer, list, onOrOff } from '@souk/kit/settings/kinds';
import { foldText } from './domain/moderation-rules.ts';

const HOST = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

const hosts = list
  .transform((parts) => parts.map((part) => part.toLowerCase()))
  .refine(
    (parts) => parts.every((part) => HOST.test(part)),
    'must be host names with commas between them, such as images.example.com, *.example.net',
  );

const words = list
  .transform((parts) => parts.map(foldText))
  .refine((parts) => !parts.includes(''), 'must be words with commas between them; one has no letter');

const ADVERTISED = 'casino, viagra, cialis, payday loan, crypto giveaway, forex signals, replica watches';

export const reviewsSettings = {
  /** Where pictures in reviews may lie; none may be shown when not set. */
  SOUK_REVIEWS_MEDIA_HOSTS: hosts.prefault(''),
  /** Words and phrases that hold a post back until staff have read it. */
  SOUK_REVIEWS_BLOCKED_WORDS: words.prefault(ADVERTISED),
  /** How often somebody may post or report within an hour. */
  SOUK_REVIEWS_POSTS_PER_HOUR: integer(1, 10_000).prefault('20'),
  /** Whether the first post of somebody who did not buy the product waits for staff. */
  SOUK_REVIEWS_HOLD_FIRST_POSTS: onOrOff.prefault('on'),
};
