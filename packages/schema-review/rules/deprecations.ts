import type { ASTNode, ConstDirectiveNode } from 'graphql';
import { stringArgument } from './federation.ts';
import type { Graph, TypeView } from './graph.ts';
import type { RuleContext, Violation } from './rule.ts';

/** Who is told to stop using something is told what to use instead, and until when. */
export function* deprecations({ subgraphs }: Graph, { settings, today }: RuleContext): Iterable<Violation> {
  const { replacement, date } = settings.deprecation;
  for (const subgraph of subgraphs) {
    for (const type of subgraph.types.values()) {
      for (const { coordinate, node } of deprecatable(type)) {
        const directive = node.directives?.find(({ name }) => name.value === 'deprecated');
        if (!directive) continue;
        const reason = stringArgument(directive, 'reason') ?? '';
        const common = { coordinate, subgraph: subgraph.name, node: directive };
        if (!replacement.test(reason)) {
          yield {
            ...common,
            code: 'DEPRECATION_UNCLEAR',
            message: `${coordinate} is deprecated, but the reason names nothing to use instead.`,
            remedy:
              'Begin the reason with the replacement in backticks: "Use `cover { url }`. Removed on 2031-06-30."',
          };
        }
        yield* dated(date.exec(reason)?.[1], today, common);
      }
    }
  }
}

function* dated(
  day: string | undefined,
  today: string,
  common: Pick<Violation, 'coordinate' | 'subgraph' | 'node'>,
): Iterable<Violation> {
  if (day === undefined || Number.isNaN(Date.parse(day))) {
    yield {
      ...common,
      code: 'DEPRECATION_UNDATED',
      message: `${common.coordinate} is deprecated, but the reason does not say when it goes${day ? `: ${day} is no day` : ''}.`,
      remedy: 'End the reason with the day: "Removed on 2031-06-30."',
    };
  } else if (day < today) {
    yield {
      ...common,
      code: 'REMOVAL_OVERDUE',
      message: `${common.coordinate} was to be removed on ${day}.`,
      remedy: 'Remove it if nobody uses it, or name a later day.',
    };
  }
}

interface Deprecatable {
  coordinate: string;
  node: ASTNode & { directives?: readonly ConstDirectiveNode[] };
}

function deprecatable({ name, fields, inputFields, values }: TypeView): Deprecatable[] {
  const members = [...fields, ...inputFields, ...values].map((node) => ({
    coordinate: `${name}.${node.name.value}`,
    node,
  }));
  const args = fields.flatMap((field) =>
    (field.arguments ?? []).map((node) => ({
      coordinate: `${name}.${field.name.value}(${node.name.value}:)`,
      node,
    })),
  );
  return [...members, ...args];
}
