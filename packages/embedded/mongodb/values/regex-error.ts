/** What MongoDB says of a pattern it can not use. */
import { location, type MongoError } from '../errors.ts';

export function invalidRegex(reason: string): MongoError {
  return location(51091, `Regular expression is invalid: ${reason}`);
}
