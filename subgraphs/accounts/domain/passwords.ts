/** Password hashes: argon2id, about 40 ms off the event loop. Checking for nobody costs what checking for somebody does. */
import { hash, verify } from '@node-rs/argon2';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a hash it works as long as with one, and answers false: time must not tell who has an account. */
  verify(storedHash: string | null | undefined, password: string): Promise<boolean>;
  /** Whether a hash was made with lighter parameters than today's. */
  isOutdated(storedHash: string): boolean;
}

export interface PasswordCost {
  /** KiB. */
  memory: number;
  passes: number;
  lanes: number;
}

/** OWASP's first choice for argon2id. */
const COST: PasswordCost = { memory: 19_456, passes: 2, lanes: 1 };

export async function createPasswords(cost: PasswordCost = COST): Promise<Passwords> {
  // Argon2id is what this package makes when it is not told otherwise; `isOutdated` would notice.
  const options = {
    memoryCost: cost.memory,
    timeCost: cost.passes,
    parallelism: cost.lanes,
  };
  const hashOf = (password: string) => hash(password.normalize('NFKC'), options);
  const nobody = await hashOf('the password of nobody');
  const parameters = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.lanes}$`;
  return {
    hash: hashOf,
    verify: async (storedHash, password) => {
      const matches = await verify(storedHash ?? nobody, password.normalize('NFKC'));
      return matches && typeof storedHash === 'string';
    },
    isOutdated: (storedHash) => !storedHash.startsWith(parameters),
  };
}
