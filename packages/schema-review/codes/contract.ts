import type { Codes } from './code.ts';

const contract = (level: 'breaking' | 'risky', title: string, ...lines: string[]) =>
  ({ area: 'contract', level, title, explain: lines.join('\n') }) as const;

/** Variants of the schema by `@tag`; schema-review.yaml names them. */
export const contractCodes: Codes = {
  CONTRACT_INVALID: contract(
    'breaking',
    'A variant is no valid schema',
    'Something that the variant shows needs something that it hides: a type, a required argument, a default.',
    'Whoever serves the variant cannot build it, so that its clients keep an old one or none.',
    'Hide both with one tag, or show both.',
  ),
  CONTRACT_OPERATION: contract(
    'breaking',
    'A variant refuses an operation of its own clients',
    'A client that uses the variant has an operation that asks for something the variant hides.',
    'That operation fails there, though it is valid against the whole schema.',
    'Show what it asks for, or give the client another variant.',
  ),
  CONTRACT_GONE: contract(
    'breaking',
    'A variant is gone',
    'Base has a variant in schema-review.yaml that head does not have any more.',
    'Its clients would be left without a schema.',
    'Keep it until its clients have moved, then accept this finding with the reason.',
  ),
  TAG_UNKNOWN: contract(
    'risky',
    'A tag that no variant knows',
    'A `@tag` is neither included nor excluded by any variant, while there are variants.',
    'A misspelt tag hides nothing: what was meant to be internal is shown.',
    'Correct the tag, or name it in a variant.',
  ),
};
