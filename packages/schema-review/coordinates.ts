/** `Type.field` against patterns such as `Type.*` and `*Connection.nodes`. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`));
  return new RegExp(`^${source}$`).test(text);
}

export const matchesAny = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => matches(pattern, text));
