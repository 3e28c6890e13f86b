/** What is wrong with what the review was given: one sentence with the file and what to do, no stack trace. */
export class InputError extends Error {
  override name = 'InputError';
}
