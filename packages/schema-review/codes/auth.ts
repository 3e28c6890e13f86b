import type { Codes } from './code.ts';

export const authCodes: Codes = {
  AUTH_RULE_REMOVED: {
    area: 'auth',
    level: 'risky',
    title: 'A rule is gone',
    explain:
      'What needed a sign-in, a scope or a policy can be read by everybody now.\nSee that this is meant, and that nothing else relied on it.',
  },
  AUTH_RULE_WEAKER: {
    area: 'auth',
    level: 'risky',
    title: 'A rule asks for less',
    explain: 'More people may read it than before.\nSee that this is meant.',
  },
  AUTH_RULE_STRICTER: {
    area: 'auth',
    level: 'breaking',
    title: 'A rule asks for more',
    explain:
      'Some who may read it now are refused.\nThe operations that are named get nulls and errors for them.\nGive clients the scope first.',
  },
  AUTH_RULE_ADDED: {
    area: 'auth',
    level: 'breaking',
    title: 'A rule is new',
    explain:
      'What everybody could read needs a sign-in, a scope or a policy now.\nThe operations that are named get nulls and errors without it.',
  },
  AUTH_RULE_CHANGED: {
    area: 'auth',
    level: 'breaking',
    title: 'A rule asks for something else',
    explain: 'Some who may read it now are refused, and others let in.\nBoth should be meant.',
  },
  AUTH_RULE_MISSING: {
    area: 'auth',
    level: 'risky',
    title: 'A new field has no rule, and its neighbours have one',
    explain:
      'Most fields beside it need something, and this one nothing: most often the rule was forgotten.\nGive it one, or say in its description why it needs none.',
  },
  AUTH_NEW_PATH: {
    area: 'auth',
    level: 'risky',
    title: 'Everybody reaches what was protected',
    explain:
      'Only protected fields led to the type, and now a path without any rule does: a new field, an interface, a union.\nGive the new step a rule, or put one on the type itself.',
  },
};
