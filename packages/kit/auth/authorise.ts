/**
 * The router enforces the directives of the SDL before a request gets to a room. This is the second lock on the same
 * door: a fault there must not open the room.
 */
import { badUserInput, soukError } from '../errors/errors.ts';
import { isId } from '../values/ids.ts';
import { hasScope, type Viewer } from './viewer.ts';

/** Somebody who is signed in; a machine has no profile, no password and no opinion. */
export function requireUser({ userId, apiKeyId }: Viewer): string {
  if (userId !== undefined) return userId;
  if (apiKeyId !== undefined) throw soukError('FORBIDDEN', 'Only a person can do this, not an API key');
  throw soukError('UNAUTHENTICATED', 'Sign in to do this');
}

/** A room names its scopes once: `export const requireScope = requireScopeOf<'catalog:read' | 'catalog:write'>()`. */
export function requireScopeOf<Scope extends string>() {
  return (viewer: Viewer, scope: Scope): void => {
    if (hasScope(viewer, scope)) return;
    if (viewer.userId === undefined && viewer.apiKeyId === undefined) {
      throw soukError('UNAUTHENTICATED', `Sign in with the scope ${scope} to do this`);
    }
    throw soukError('FORBIDDEN', `This needs the scope ${scope}`);
  };
}

/** `things` says what each prefix is the id of: `{ prd: 'a product' }`. */
export function requireIdOf<Prefix extends string>(things: Record<Prefix, string>) {
  /** An id of another type finds nothing; whoever sends one has mixed two up, and is told so. */
  return (prefix: Prefix, id: string, argument: string): string => {
    if (isId(prefix, id)) return id;
    throw badUserInput(
      `\`${argument}\` must be the id of ${things[prefix]}, which begins with ${prefix}_`,
      argument,
    );
  };
}
