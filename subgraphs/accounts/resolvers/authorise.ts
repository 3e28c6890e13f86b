/**
 * The router enforces the directives of the SDL before a request gets here. This is the second lock on the same door:
 * a fault there must not open this room.
 */
import { badUserInput, soukError } from '@souk/kit/errors';
import { isId } from '@souk/kit/ids';
import { hasScope, type Viewer } from '@souk/kit/viewer';
import type { ScopeName } from '../domain/scopes.ts';

/** Somebody who is signed in; a machine has no profile, no password and no sessions. */
export function requireUser({ userId, apiKeyId }: Viewer): string {
  if (userId !== undefined) return userId;
  if (apiKeyId !== undefined) throw soukError('FORBIDDEN', 'Only a person can do this, not an API key');
  throw soukError('UNAUTHENTICATED', 'Sign in to do this');
}

export function requireScope(viewer: Viewer, scope: ScopeName): void {
  if (hasScope(viewer, scope)) return;
  if (viewer.userId === undefined && viewer.apiKeyId === undefined) {
    throw soukError('UNAUTHENTICATED', `Sign in with the scope ${scope} to do this`);
  }
  throw soukError('FORBIDDEN', `This needs the scope ${scope}`);
}

const IDS = {
  usr: 'a user',
  ses: 'a session',
  adr: 'an address',
  key: 'an API key',
  prv: 'a privacy request',
} as const;

/** An id of another type finds nothing; whoever sends one has mixed two up, and is told so. */
export function requireId(prefix: keyof typeof IDS, id: string, argument: string): string {
  if (isId(prefix, id)) return id;
  throw badUserInput(
    `\`${argument}\` must be the id of ${IDS[prefix]}, which begins with ${prefix}_`,
    argument,
  );
}
