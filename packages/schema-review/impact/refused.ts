/** Operations that head refuses, as far as no change has told of them: the net below everything else. */
import { type OperationDefinitionNode, print } from 'graphql';
import type { Finding } from '../finding.ts';
import { type Operation, operationKey } from '../repository.ts';
import type { Sides } from '../sides.ts';
import type { Composed, Snapshot } from '../snapshot.ts';
import { type Impact, useAt } from './impact.ts';

export function findRefused(sides: Sides, impact: Impact, told: readonly Finding[]): Finding[] {
  const known = new Set(sides.base.repository.operations.map(({ document }) => print(document)));
  const fresh = sides.head.repository.operations.filter(({ document }) => !known.has(print(document)));
  return [
    ...sides.base.repository.operations
      .filter((operation) => !isTold(operation, told) && isValid(operation, sides.before))
      .flatMap((operation) => refusal(operation, sides.base, impact)),
    ...fresh.flatMap((operation) => refusal(operation, sides.head, impact)),
  ];
}

/** What has a plan was valid. */
const isValid = (operation: Operation, { plans }: Composed): boolean => plans.has(operationKey(operation));

/** Rules and nulls hurt, and leave the operation valid: they do not tell why it is refused. */
const explains = ({ level, area, code }: Finding): boolean =>
  level === 'breaking' && area === 'change' && code !== 'FIELD_BECAME_NULLABLE';

const isTold = ({ client, name }: Operation, findings: readonly Finding[]): boolean =>
  findings.some(
    (finding) =>
      explains(finding) && finding.usedBy?.some((use) => use.client === client && use.operation === name),
  );

function refusal(operation: Operation, { repository }: Snapshot, impact: Impact): Finding[] {
  const [error] = impact.refusals(operation);
  if (!error) return [];
  const [root] = operation.document.definitions;
  const node = error.nodes?.[0] ?? (root as OperationDefinitionNode);
  const use = useAt(operation, node, repository.usage);
  return [
    {
      code: 'OPERATION_REFUSED',
      area: 'change',
      level: 'breaking',
      message: `${operation.client}/${operation.name} is refused: ${error.message}`,
      place: { file: use.file, line: use.line, column: use.column },
      usedBy: [use],
      remedy: 'Correct the operation, or keep what it asks for.',
    },
  ];
}
