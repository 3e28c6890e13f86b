/** People for a demo shop, opened by the room's own rules. Those who are there already, verified, are left as they are. */
import { inTransaction } from '@souk/kit/postgres/postgres';
import { addAddress, type TypedAddress } from './domain/address-book.ts';
import { parseEmail } from './domain/email-address.ts';
import type { Actor, Services } from './domain/services.ts';
import { signUp } from './domain/sign-up.ts';
import { deleteMailedTokensOfUser } from './store/one-time-tokens.ts';
import { giveRoles } from './store/roles.ts';
import { deleteSessionsOfUser } from './store/sessions.ts';
import { findUserByEmail, updateUser } from './store/users.ts';

export interface SeedUser {
  email: string;
  password: string;
  displayName: string;
  givenName?: string;
  familyName?: string;
  locale?: string;
  /** Beside `customer`, which everybody is. */
  roles?: readonly string[];
  addresses?: readonly TypedAddress[];
}

/** As many hashes as run at once in Node's thread pool. */
const AT_ONCE = 4;
const SEEDER: Actor = { viewer: { scopes: [] }, requestId: 'seed', device: 'Demo data', network: undefined };

/** Answers the ids by address. `onUser` is called after each one, for a progress bar. */
export async function seedUsers(
  services: Services,
  people: readonly SeedUser[],
  onUser: () => void = () => {},
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  // Their mails would only lie about.
  const silent: Services = { ...services, post: () => {} };
  const queue = [...people];
  const work = async () => {
    for (let person = queue.shift(); person; person = queue.shift()) {
      ids.set(person.email, await seedUser(silent, person));
      onUser();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ids;
}

async function seedUser(services: Services, person: SeedUser): Promise<string> {
  const { email } = person;
  const [known] = await findUserByEmail(services.db, parseEmail(email)?.key ?? '');
  // Their roles come together with it: who is not verified was left half-way, by a load that was killed.
  if (known?.emailVerifiedAt) return known.id;
  const id = known?.id ?? (await open(services, person));
  const { givenName = null, familyName = null, roles = [], addresses = [] } = person;
  await inTransaction(services.db, async (tx) => {
    await deleteMailedTokensOfUser(tx, id);
    // Nobody has signed in yet.
    await deleteSessionsOfUser(tx, id);
    if (roles.length > 0) await giveRoles(tx, id, roles);
    await updateUser(tx, id, { emailVerifiedAt: services.now(), givenName, familyName }, services.now());
  });
  for (const address of addresses) {
    const added = await addAddress(services, id, address);
    if (!added.ok) throw new Error(`${email} has an address that is refused: ${added.errors[0]!.message}`);
  }
  return id;
}

async function open(services: Services, { email, password, displayName, locale = 'en' }: SeedUser) {
  const opened = await signUp(services, SEEDER, { email, password, displayName, locale });
  if (!opened.ok) {
    throw new Error(`${email} cannot be seeded: ${opened.errors.map(({ message }) => message).join('; ')}`);
  }
  return opened.value.user.id;
}
