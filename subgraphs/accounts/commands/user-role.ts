/** `npm run user:role -- --email <address> --role <name>`: gives a role, such as the first `admin` of a new shop. */
import { inTransaction } from '@souk/kit/postgres/postgres';
import { parseEmail } from '../domain/email-address.ts';
import { record } from '../domain/record.ts';
import type { Actor } from '../domain/services.ts';
import { findRolesOfUsers, giveRoles, holdRoles } from '../store/roles.ts';
import { findUserByEmail, updateUser } from '../store/users.ts';
import { type CommandStore, type Ending, readFlags } from './command.ts';

const OPERATOR: Actor = {
  viewer: { scopes: [] },
  requestId: 'command',
  device: 'command',
  network: undefined,
};

export async function userRole(store: CommandStore, args: readonly string[]): Promise<Ending> {
  const { email, role } = readFlags(args, ['email', 'role']);
  if (!email || !role) return { status: 2, text: 'Say who and what: --email <address> --role <name>' };
  const key = parseEmail(email)?.key;
  return inTransaction(store.db, async (tx): Promise<Ending> => {
    const [user] = key === undefined ? [] : await findUserByEmail(tx, key);
    if (!user) return { status: 1, text: `Nobody has an account with the address ${email}` };
    const [given] = await holdRoles(tx, [role]);
    if (!given) return { status: 1, text: `There is no role ${role}` };
    const before = (await findRolesOfUsers(tx, [user.id])).map(({ name }) => name);
    if (before.includes(role)) return { status: 0, text: `${email} has the role ${role} already` };
    await giveRoles(tx, user.id, [role]);
    await updateUser(tx, user.id, {}, store.now());
    const roles = [...before, role];
    const act = {
      action: 'ROLES_CHANGED',
      subjectId: user.id,
      details: { roles, before, by: 'command' },
    } as const;
    const event = {
      type: 'accounts.roles.assigned',
      aggregateId: user.id,
      data: { userId: user.id, roles },
    } as const;
    await record(tx, store, OPERATOR, act, event);
    return { status: 0, text: `${email} has the role ${role} from the next sign-in or refresh on` };
  });
}
