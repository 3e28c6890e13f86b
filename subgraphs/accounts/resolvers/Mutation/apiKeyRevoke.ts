import { payload } from '@souk/kit/errors/payload';
import { endApiKey } from '../../domain/api-keys.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const apiKeyRevoke: MutationResolvers['apiKeyRevoke'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  requireScope(viewer, 'apikeys:write');
  const apiKeyId = requireId('key', input.apiKeyId, 'input.apiKeyId');
  return payload(await endApiKey(services, actor, apiKeyId), (apiKey) => ({ apiKey }));
};
