/** What a viewer must have and be for a field of this room, and the ids that its fields take. */
import { requireIdOf, requireScopeOf } from '@souk/kit/auth/authorise';
import type { ScopeName } from '../domain/scopes.ts';

export const requireScope = requireScopeOf<ScopeName>();

export const requireId = requireIdOf({
  usr: 'a user',
  ses: 'a session',
  adr: 'an address',
  key: 'an API key',
  prv: 'a privacy request',
});
