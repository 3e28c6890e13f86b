/** What a viewer must have for a field of this room, and the ids that its fields take. */
import { requireIdOf, requireScopeOf } from '@souk/kit/auth/authorise';

export const requireScope = requireScopeOf<'catalog:read' | 'catalog:write' | 'catalog:publish'>();

export const requireId = requireIdOf({
  prd: 'a product',
  var: 'a variant',
  cat: 'a category',
  imp: 'an import',
});
