import { print } from 'graphql';
import { matchesAny } from '../coordinates.ts';
import { type Graph, namedType } from './graph.ts';
import type { RuleContext, Violation } from './rule.ts';

/** What the settings say must not happen twice takes a key that a repeat can be known by. */
export function* idempotency({ subgraphs }: Graph, { settings }: RuleContext): Iterable<Violation> {
  const { key, mutations, types } = settings.idempotency;
  for (const subgraph of subgraphs) {
    for (const field of subgraph.root('mutation')?.fields ?? []) {
      const { value: name } = field.name;
      const payload = subgraph.types.get(namedType(field.type));
      const moved = payload?.fields
        .map(({ type }) => namedType(type))
        .find((type) => matchesAny(types, type));
      const isMeant = matchesAny(mutations, name);
      if (!isMeant && moved === undefined) continue;
      const given = (field.arguments ?? []).flatMap((argument) => [
        argument,
        ...(subgraph.types.get(namedType(argument.type))?.inputFields ?? []),
      ]);
      const found = given.find((one) => one.name.value === key);
      if (found && print(found.type) === 'ID!') continue;
      const why = isMeant ? 'is listed as one that must not happen twice' : `changes ${moved}`;
      yield {
        code: 'IDEMPOTENCY_KEY_MISSING',
        message: `Mutation ${name} ${why}, but takes no \`${key}: ID!\`.`,
        remedy: `Add \`${key}: ID!\` to its input: a repeat with the same key answers what the first one did.`,
        coordinate: `Mutation.${name}`,
        subgraph: subgraph.name,
        node: field,
      };
    }
  }
}
