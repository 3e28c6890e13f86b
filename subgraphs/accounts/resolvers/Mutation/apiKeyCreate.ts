import { payload } from '@souk/kit/errors/payload';
import { createApiKey } from '../../domain/api-keys.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const apiKeyCreate: MutationResolvers['apiKeyCreate'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  requireScope(viewer, 'apikeys:write');
  return payload(await createApiKey(services, actor, input), (created) => created);
};
