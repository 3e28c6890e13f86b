/** `npm run generate:events`: writes docs/events.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsMarkdown } from '@souk/kit/room/events-markdown';
import { rooms } from '../subgraphs/registry.ts';
import { ROOT } from './root.ts';

writeFileSync(join(ROOT, 'docs/events.md'), eventsMarkdown(rooms));
