/**
 * The router enforces the directives of the SDL before a request gets here. This is the second lock on the same door:
 * a fault there must not open this room.
 */
import { badUserInput, soukError } from '@souk/kit/errors';
import { isId } from '@souk/kit/ids';
import { hasScope, type Viewer } from '@souk/kit/viewer';

type ScopeName = 'catalog:read' | 'catalog:write' | 'catalog:publish';

export function requireScope(viewer: Viewer, scope: ScopeName): void {
  if (hasScope(viewer, scope)) return;
  if (viewer.userId === undefined && viewer.apiKeyId === undefined) {
    throw soukError('UNAUTHENTICATED', `Sign in with the scope ${scope} to do this`);
  }
  throw soukError('FORBIDDEN', `This needs the scope ${scope}`);
}

const IDS = { prd: 'a product', var: 'a variant', cat: 'a category', imp: 'an import' } as const;

/** An id of another type finds nothing; whoever sends one has mixed two up, and is told so. */
export function requireId(prefix: keyof typeof IDS, id: string, argument: string): string {
  if (isId(prefix, id)) return id;
  throw badUserInput(
    `\`${argument}\` must be the id of ${IDS[prefix]}, which begins with ${prefix}_`,
    argument,
  );
}
