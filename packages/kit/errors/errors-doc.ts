/** `npm run generate:errors`: writes docs/errors.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorsMarkdown } from './errors-markdown.ts';

const file = new URL('../../../docs/errors.md', import.meta.url);
mkdirSync(fileURLToPath(new URL('.', file)), { recursive: true });
writeFileSync(file, errorsMarkdown());
