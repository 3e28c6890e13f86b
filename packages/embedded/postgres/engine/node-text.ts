/**
 * Reads the text form of a Postgres parse tree, `{LISTENSTMT :conditionname "a\ b"}`, as nodeToString() prints it.
 * The parser's own tree is the one exact answer to what a statement does: no quoting or comment can fool it.
 */

export interface ParseNode {
  type: string;
  fields: Map<string, NodeValue>;
}

/** Undefined where Postgres prints `<>`: a null pointer or an empty list. */
export type NodeValue = string | ParseNode | NodeValue[] | undefined;

export function parseNodeText(text: string): NodeValue {
  let at = 0;

  const skipBlanks = () => {
    while (text[at] === ' ' || text[at] === '\n') at++;
  };

  /** Ends at a bare blank or bracket; a backslash takes the next character as it is. */
  const word = (): string => {
    let found = '';
    const start = at;
    while (at < text.length && !' \n(){}'.includes(text[at] as string)) {
      if (text[at] === '\\') at++;
      found += text[at++] ?? '';
    }
    if (at === start) throw new Error(`unreadable parse tree at ${at}`);
    return found;
  };

  /** A string stands in quotes, in which further quotes are not marked: its end is the word's. */
  const token = (): string | undefined => {
    const isString = text[at] === '"';
    const read = word();
    if (isString) return read.slice(1, -1);
    return read === '<>' ? undefined : read;
  };

  const list = (): NodeValue[] => {
    const items: NodeValue[] = [];
    at++;
    for (;;) {
      skipBlanks();
      if (at >= text.length) throw new Error('parse tree ends inside a list');
      if (text[at] === ')') break;
      items.push(value());
    }
    at++;
    return items;
  };

  const node = (): ParseNode => {
    at++;
    const fields = new Map<string, NodeValue>();
    const type = word();
    for (;;) {
      skipBlanks();
      if (at >= text.length) throw new Error('parse tree ends inside a node');
      if (text[at] === '}') break;
      const label = word();
      // A datum is printed as several words, `4 [ 1 0 0 0 ]`: the first one stands for it.
      if (label.startsWith(':')) fields.set(label.slice(1), value());
    }
    at++;
    return { type, fields };
  };

  function value(): NodeValue {
    skipBlanks();
    if (text[at] === '{') return node();
    if (text[at] === '(') return list();
    return token();
  }

  return value();
}

export const isNode = (value: NodeValue): value is ParseNode =>
  typeof value === 'object' && !Array.isArray(value);

/** A field that is a node itself. */
export function childNode(node: ParseNode, field: string): ParseNode | undefined {
  const value = node.fields.get(field);
  return isNode(value) ? value : undefined;
}

export function textField(node: ParseNode, field: string): string | undefined {
  const value = node.fields.get(field);
  return typeof value === 'string' ? value : undefined;
}
