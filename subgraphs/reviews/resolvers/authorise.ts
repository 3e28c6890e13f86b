/** What a viewer must have and be for a field of this room, and the ids that its fields take. */
import { requireIdOf, requireScopeOf } from '@souk/kit/auth/authorise';
import type { Viewer } from '@souk/kit/auth/viewer';
import { STAFF_SCOPE } from '../domain/visibility.ts';

const requireScope = requireScopeOf<typeof STAFF_SCOPE>();

export function requireStaff(viewer: Viewer): void {
  requireScope(viewer, STAFF_SCOPE);
}

export const requireId = requireIdOf({
  prd: 'a product',
  rev: 'a review',
  qst: 'a question',
  ans: 'an answer',
});
