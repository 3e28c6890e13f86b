/** Whether a password is worth hashing: long enough, and not one that a guesser tries early. */

const MIN_LENGTH = 12;
const MAX_LENGTH = 256;
/** So many characters must remain when all that is guessed early is taken out. */
const MIN_OWN_LENGTH = 5;
const MIN_DISTINCT = 5;

/** Lists of leaked passwords are, at twelve characters and more, these words with figures and signs around them. */
const COMMON_WORDS = `
  password passwort passwd motdepasse contrasena parola secret geheim admin administrator root login welcome willkommen
  letmein changeme default temporary master monkey dragon sunshine princess football baseball basketball superman batman
  iloveyou ihateyou fuckyou qwerty azerty qwertz asdf zxcv trustno computer internet samsung google facebook linkedin
  pokemon starwars liverpool chelsea arsenal barcelona juventus michael jennifer jordan ashley daniel jessica charlie
  thomas andrew matthew anthony joshua robert summer winter spring autumn january february march april june july august
  september october november december monday friday sunday shadow killer hunter flower cheese cookie chocolate banana
  forever whatever nothing family mother father hello test user guest demo shop souk
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length);

const ROWS = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
];
const RUNS = ROWS.flatMap((row) => [row, [...row].reverse().join('')]);
const RUN_LENGTH = 3;
const LOOKALIKES: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

export type PasswordFault = 'TOO_SHORT' | 'TOO_LONG' | 'TOO_COMMON';

/** `personal` is what a guesser knows of the person: address and name. */
export function passwordFault(password: string, personal: readonly string[]): PasswordFault | undefined {
  const length = [...password].length;
  if (length < MIN_LENGTH) return 'TOO_SHORT';
  if (length > MAX_LENGTH) return 'TOO_LONG';
  const lower = password.normalize('NFKC').toLowerCase();
  if (new Set(lower).size < MIN_DISTINCT) return 'TOO_COMMON';
  const words = [...personal.flatMap(wordsOf), ...COMMON_WORDS];
  const isGuessable = [lower, withoutLookalikes(lower)].some(
    (form) => ownPart(form, words).length < MIN_OWN_LENGTH,
  );
  return isGuessable ? 'TOO_COMMON' : undefined;
}

export const PASSWORD_FAULTS: Record<PasswordFault, string> = {
  TOO_SHORT: `The password must have at least ${MIN_LENGTH} characters; a sentence is easier to remember than signs`,
  TOO_LONG: `The password must have at most ${MAX_LENGTH} characters`,
  TOO_COMMON: 'This password is among the first that anyone would try; use several unrelated words',
};

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3);
}

function withoutLookalikes(text: string): string {
  return [...text].map((letter) => LOOKALIKES[letter] ?? letter).join('');
}

function ownPart(text: string, words: readonly string[]): string {
  let rest = text;
  for (const word of words) rest = rest.replaceAll(word, ' ');
  return withoutRuns(rest)
    .replace(/(.)\1{2,}/gu, '')
    .replace(/\b(?:19|20)\d\d\b/g, '')
    .replace(/[\s!?.,_-]/g, '');
}

/** Neighbours on a keyboard, in the alphabet or among the digits, three and more at a time. */
function withoutRuns(text: string): string {
  let kept = '';
  let start = 0;
  while (start < text.length) {
    let end = start + RUN_LENGTH;
    while (end <= text.length && RUNS.some((run) => run.includes(text.slice(start, end)))) end += 1;
    const runLength = end - 1 - start;
    if (runLength >= RUN_LENGTH) {
      kept += ' ';
      start += runLength;
    } else {
      kept += text[start];
      start += 1;
    }
  }
  return kept;
}
