/** `npm run generate:review`: writes docs/schema-review-codes.md and docs/schema-review.schema.json. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codesMarkdown } from './codes-markdown.ts';
import { reportJsonSchema } from './outputs/json-shape.ts';

const write = (name: string, text: string) =>
  writeFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), text);

write('schema-review-codes.md', codesMarkdown());
write('schema-review.schema.json', `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
