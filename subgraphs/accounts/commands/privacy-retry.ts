/** `npm run privacy:retry -- --request <id>`: asks the domains again that gave a privacy request up. */
import { retryPrivacyRequest } from '../domain/privacy-work.ts';
import { type CommandStore, type Ending, readFlags } from './command.ts';

export async function privacyRetry(store: CommandStore, args: readonly string[]): Promise<Ending> {
  const { request } = readFlags(args, ['request']);
  if (!request) return { status: 2, text: 'Say which one: --request <id>' };
  const domains = await retryPrivacyRequest(store, request);
  return domains.length > 0
    ? { status: 0, text: `Asked again: ${domains.join(', ')}` }
    : { status: 1, text: `${request} is no privacy request that has failed` };
}
