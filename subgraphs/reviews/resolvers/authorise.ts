/**
 * The router enforces the directives of the SDL before a request gets here. This is the second lock on the same door:
 * a fault there must not open this room.
 */
import { badUserInput, soukError } from '@souk/kit/errors';
import { isId } from '@souk/kit/ids';
import { hasScope, type Viewer } from '@souk/kit/viewer';
import { STAFF_SCOPE } from '../domain/visibility.ts';

/** Somebody who is signed in; a machine has no opinion of a product. */
export function requireUser({ userId, apiKeyId }: Viewer): string {
  if (userId !== undefined) return userId;
  if (apiKeyId !== undefined) throw soukError('FORBIDDEN', 'Only a person can do this, not an API key');
  throw soukError('UNAUTHENTICATED', 'Sign in to do this');
}

export function requireStaff(viewer: Viewer): void {
  if (hasScope(viewer, STAFF_SCOPE)) return;
  if (viewer.userId === undefined && viewer.apiKeyId === undefined) {
    throw soukError('UNAUTHENTICATED', `Sign in with the scope ${STAFF_SCOPE} to do this`);
  }
  throw soukError('FORBIDDEN', `This needs the scope ${STAFF_SCOPE}`);
}

const IDS = {
  prd: 'a product',
  rev: 'a review',
  qst: 'a question',
  ans: 'an answer',
} as const;

/** An id of another type finds nothing; whoever sends one has mixed two up, and is told so. */
export function requireId(prefix: keyof typeof IDS, id: string, argument: string): string {
  if (isId(prefix, id)) return id;
  throw badUserInput(
    `\`${argument}\` must be the id of ${IDS[prefix]}, which begins with ${prefix}_`,
    argument,
  );
}
