/** Timestamps that never repeat within a process. */
import { Timestamp } from 'bson';

let second = 0;
let increment = 0;

export function nextTimestamp(): Timestamp {
  const now = Math.floor(Date.now() / 1000);
  // A clock set back must not make them go back.
  increment = now > second ? 1 : increment + 1;
  second = Math.max(now, second);
  return new Timestamp({ t: second, i: increment });
}
