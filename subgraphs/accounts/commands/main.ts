/** The commands of operators. This file alone knows the process; what each command does stands beside it. */
import { SettingsError } from '@souk/kit/settings/settings';
import { auditCheck } from './audit-check.ts';
import { type Command, runCommand } from './command.ts';
import { keysReplace } from './keys-replace.ts';
import { privacyRetry } from './privacy-retry.ts';
import { userRole } from './user-role.ts';

const COMMANDS: Record<string, Command> = {
  'audit:check': auditCheck,
  'user:role': userRole,
  'keys:replace': keysReplace,
  'privacy:retry': privacyRetry,
};

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  console.error(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(2);
}
try {
  const { status, text } = await runCommand(command, process.env, args);
  (status === 0 ? console.log : console.error)(text);
  process.exitCode = status;
} catch (error) {
  // Settings that are wrong, a flag that is not known, a database that is away: the message says which.
  const what = error instanceof SettingsError ? 'These settings are wrong: ' : '';
  console.error(`${name} could not run. ${what}${(error as Error).message}`);
  process.exitCode = 2;
}
