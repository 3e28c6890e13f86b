/** Who can sign in to the demo shop. The passwords are public, so these people exist only where SOUK_SEED=demo. */
import { demoPeople } from './people.ts';

export interface DemoSignIn {
  is: string;
  email: string;
  password: string;
}

const KNOWN = [
  { is: 'shopper', password: 'brass-lantern-at-dusk' },
  { is: 'moderator', password: 'seven-honest-opinions' },
  { is: 'catalog manager', password: 'neat-rows-of-ceramic' },
  { is: 'administrator', password: 'keeper-of-every-door' },
] as const;

/** The first four of the demo people, in their order. */
export const demoSignIns: readonly DemoSignIn[] = KNOWN.map(({ is, password }, index) => ({
  is,
  email: demoPeople[index]!.email,
  password,
}));
