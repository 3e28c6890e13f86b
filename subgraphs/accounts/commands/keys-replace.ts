/**
 * `npm run keys:replace`: withdraws all keys that access tokens are signed with, for the day on which one has leaked.
 * Every access token ends within minutes; people stay signed in, since their refresh tokens are not signed.
 */
import { createSigningKeys } from '../domain/signing-keys.ts';
import type { CommandStore, Ending } from './command.ts';

export async function keysReplace(store: CommandStore): Promise<Ending> {
  const keys = createSigningKeys(store);
  await keys.replaceAll();
  const { id } = await keys.signer();
  return { status: 0, text: `All signing keys are withdrawn; ${id} signs within a minute` };
}
