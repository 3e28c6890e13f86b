import { type ASTNode, Kind } from 'graphql';
import type { Graph, SubgraphView } from './graph.ts';
import { isFederations } from './graph.ts';
import type { RuleContext, Violation } from './rule.ts';

const STYLES = {
  PascalCase: /^[A-Z][A-Za-z0-9]*$/,
  camelCase: /^[a-z][A-Za-z0-9]*$/,
  SCREAMING_CASE: /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/,
};

type Style = keyof typeof STYLES;

export function* naming({ subgraphs }: Graph, { settings }: RuleContext): Iterable<Violation> {
  for (const subgraph of subgraphs) {
    for (const { name, coordinate, what, style, node } of namesIn(subgraph)) {
      if (STYLES[style].test(name)) continue;
      yield {
        code: 'NAME_STYLE',
        message: `${what} ${coordinate} is not in ${style}.`,
        remedy: `Call it ${restyled(name, style)}; once clients use it, deprecate the old name first.`,
        coordinate,
        subgraph: subgraph.name,
        node,
      };
    }
    yield* verbFirst(subgraph, settings.mutationVerbs);
  }
}

interface Name {
  name: string;
  coordinate: string;
  what: string;
  style: Style;
  node: ASTNode;
}

function* namesIn({ types, document }: SubgraphView): Iterable<Name> {
  for (const { name, node, fields, inputFields, values } of types.values()) {
    yield { name, coordinate: name, what: 'Type', style: 'PascalCase', node };
    for (const field of fields) {
      const coordinate = `${name}.${field.name.value}`;
      if (isFederations(field.name.value)) continue;
      yield { name: field.name.value, coordinate, what: 'Field', style: 'camelCase', node: field };
      for (const argument of field.arguments ?? []) {
        const inField = `${coordinate}(${argument.name.value}:)`;
        yield {
          name: argument.name.value,
          coordinate: inField,
          what: 'Argument',
          style: 'camelCase',
          node: argument,
        };
      }
    }
    for (const field of inputFields) {
      const coordinate = `${name}.${field.name.value}`;
      yield { name: field.name.value, coordinate, what: 'Input field', style: 'camelCase', node: field };
    }
    for (const value of values) {
      const coordinate = `${name}.${value.name.value}`;
      yield { name: value.name.value, coordinate, what: 'Enum value', style: 'SCREAMING_CASE', node: value };
    }
  }
  for (const node of document.definitions) {
    if (node.kind !== Kind.DIRECTIVE_DEFINITION || isFederations(node.name.value)) continue;
    const { value: name } = node.name;
    yield { name, coordinate: `@${name}`, what: 'Directive', style: 'camelCase', node };
  }
}

/** `orderCancel` stands beside all else that can be done with an order; `cancelOrder` does not. */
function* verbFirst(subgraph: SubgraphView, verbs: readonly string[]): Iterable<Violation> {
  for (const field of subgraph.root('mutation')?.fields ?? []) {
    const [first = '', ...rest] = wordsOf(field.name.value);
    if (rest.length === 0 || !verbs.includes(first.toLowerCase())) continue;
    const better = restyled([...rest, first].join('_'), 'camelCase');
    yield {
      code: 'MUTATION_VERB_FIRST',
      message: `Mutation ${field.name.value} begins with what it does instead of what it does it to.`,
      remedy: `Call it ${better}.`,
      coordinate: `Mutation.${field.name.value}`,
      subgraph: subgraph.name,
      node: field,
    };
  }
}

/** Of `userHTTPAddress_old`: user, HTTP, Address, old. */
const wordsOf = (name: string): string[] => name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+/g) ?? [];

function restyled(name: string, style: Style): string {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  if (style === 'SCREAMING_CASE') return words.join('_').toUpperCase();
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const [first = '', ...rest] = words;
  return (style === 'camelCase' ? first : capital(first)) + rest.map(capital).join('');
}
