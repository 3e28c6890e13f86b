import type { Codes } from './code.ts';

export const costCodes: Codes = {
  OPERATION_PLAN_GREW: {
    area: 'cost',
    level: 'risky',
    title: 'An operation needs more fetches',
    explain:
      'The plan has more fetches, or more of them wait for each other: the operation is slower, and fails when one more subgraph does.\nLet one subgraph serve more of it (@shareable, @provides), or change the operation.\nSafe where the operation itself asks for more.',
  },
  OPERATION_PLAN_SHRANK: {
    area: 'cost',
    level: 'safe',
    title: 'An operation needs fewer fetches',
    explain:
      'The plan has fewer fetches, or fewer of them wait for each other.\nLower its budget, so that it stays so.',
  },
  OPERATION_SERVICES_CHANGED: {
    area: 'cost',
    level: 'safe',
    title: 'An operation asks other subgraphs',
    explain: 'As many fetches as before, but of others: it depends on them now.',
  },
  OPERATION_COST_ROSE: {
    area: 'cost',
    level: 'risky',
    title: 'An operation is estimated to cost more',
    explain:
      'By @cost and @listSize it costs more than before, so that a router with a limit may refuse it.\nAsk for shorter lists, or for fewer.\nSafe where the operation itself asks for more.',
  },
  OPERATION_COST_FELL: {
    area: 'cost',
    level: 'safe',
    title: 'An operation is estimated to cost less',
    explain: 'By @cost and @listSize it costs less than before.',
  },
  BUDGET_EXCEEDED: {
    area: 'cost',
    level: 'breaking',
    title: 'An operation is over its budget',
    explain:
      'budgets.json says what the operation may need, and its plan needs more.\nAsk for less, let one subgraph serve more of it, or raise the budget with a reason.\nRisky alone where measured fetches were fewer than planned ones all along.',
  },
  BUDGET_RAISED: {
    area: 'cost',
    level: 'risky',
    title: 'A budget was raised',
    explain: 'The operation may need more from now on.\nThe reason should stand in the pull request.',
  },
  BUDGET_MISSING: {
    area: 'cost',
    level: 'risky',
    title: 'An operation has no budget',
    explain:
      'Its client keeps budgets, and this operation has none, so that nothing holds it.\nRun it once and write down what it may need.',
  },
};
