/** Plans what is going to be asked, so that no client waits for it: at the start, and before a supergraph is swapped in. */
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { Served } from './served.ts';

/** As most clients ask, and somebody who may read everything. */
const GUEST = { authenticated: false, scopes: [], policies: [] };

/** Documents that do not fit the supergraph are passed over: whoever asks for one is told why. */
export function warmUp({ documents, executor }: Served, texts: readonly string[]): void {
  for (const text of texts) {
    for (const name of operationNames(text)) {
      const found = documents.operation(text, name);
      if (!found.ok) continue;
      const { document, definition } = found.operation;
      const whole = { document, definition, withheld: new Map() };
      const forGuest = found.operation.forViewer(GUEST);
      for (const { document, definition, withheld } of [whole, forGuest]) {
        executor.prepare?.({ document, definition, withheld, variables: {} });
      }
    }
  }
}

/** Names by which clients ask: a lone operation mostly comes without. */
function operationNames(text: string): (string | undefined)[] {
  const names = parse(text, { noLocation: true })
    .definitions.filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)
    .map(({ name }) => name?.value);
  return names.length === 1 && names[0] !== undefined ? [undefined, names[0]] : names;
}
