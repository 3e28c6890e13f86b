/** docs/errors.md as the table in errors.ts makes it. */
import { ERRORS } from './errors.ts';

export function errorsMarkdown(): string {
  const rows = Object.entries(ERRORS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, description, remedy }]) => `| \`${code}\` | ${status} | ${description} | ${remedy} |`,
    );
  return `<!-- Made from packages/kit/errors/errors.ts by \`npm run generate:errors\`; edit that. -->

# Errors

Every error beside or instead of data has one of these codes in \`extensions.code\`, and \`message\` says what is wrong.
The status is that of the HTTP answer when the whole request fails; an error beside data leaves it at 200. Refusals by a
domain (a taken name, an exhausted stock) are no errors but \`userErrors\` in the payload of a mutation.

| code | status | meaning | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}
