/** A repository of two subgraphs and three operations to spoil, as files. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Files = Record<string, string>;

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@listSize", "@tag"])\n';

export const SHOP: Files = {
  'supergraph.yaml': `subgraphs:
  teas: { routing_url: "http://teas", schema: { file: schema/teas.graphql } }
  stars: { routing_url: "http://stars", schema: { file: schema/stars.graphql } }
`,
  'schema/teas.graphql': `${LINK}
"Reads."
type Query {
  "One tea."
  tea("Which." id: ID!): Tea
  "All of them."
  teas: [Tea!] @listSize(assumedSize: 30)
}

"Leaves to brew."
type Tea @key(fields: "id") {
  "Its id."
  id: ID!
  "What it is called."
  name: String
  "Where it grows."
  origin: String
}
`,
  'schema/stars.graphql': `${LINK}
"Leaves to brew."
type Tea @key(fields: "id") {
  "Its id."
  id: ID!
  "How good it is, 1 to 5."
  stars: Float
}
`,
  'schema/operations/web/tea-page.graphql':
    'query TeaPage($id: ID!) {\n  tea(id: $id) {\n    name\n    stars\n  }\n}\n',
  'schema/operations/web/tea-list.graphql': 'query TeaList {\n  teas {\n    name\n  }\n}\n',
  'schema/operations/app/tea-list.graphql': 'query TeaList {\n  teas {\n    id\n  }\n}\n',
};

/** With files changed, added or, where undefined, left out. */
export function shopWith(changes: Record<string, string | undefined> = {}): Files {
  const files = Object.entries({ ...SHOP, ...changes });
  return Object.fromEntries(files.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** An edit that must change something, or the test would test nothing. */
export function edited(file: string, from: string, to: string): Record<string, string> {
  const text = SHOP[file] ?? '';
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { [file]: text.replace(from, to) };
}

export function putFiles(folder: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'schema-review-'));
