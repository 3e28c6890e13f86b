/** The worst of it through the whole router: each request is answered with JSON, and the next one as if nothing had been. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { createRouter, type Router } from '../../create.ts';
import { supergraphNamed } from '../differential/supergraphs.ts';
import { send } from '../toy/ask.ts';
import { HOSTILE } from './hostile.ts';

const QUERY = JSON.stringify({ query: '{ things { text int json } json }' });
const GOOD = '{"data":{"things":[{"text":"a","int":1,"json":null}],"json":1}}';

let router: Router;
let body: string | Buffer = GOOD;
beforeAll(async () => {
  const { sdl, subgraphs } = supergraphNamed('values');
  const handler = async () => ({ status: 200, headers: {}, body });
  const handlers = Object.fromEntries(subgraphs.map(({ name }) => [name, handler]));
  router = await createRouter({ supergraph: { sdl }, handlers, log: silentLog });
});
afterAll(() => router.stop());

const worst = HOSTILE.filter(([name]) => /deep|huge|spaces|UTF|errors|path/.test(name));

test.each(worst)('%s', async (_, make) => {
  body = make();
  const told = await send(router.handler, { body: QUERY });
  // Not in full: it may be nested as deeply as it was sent.
  expect(told.headers['content-type']).toContain('json');
  expect(told.data !== undefined || told.errors.length > 0).toBe(true);
  for (const { extensions } of told.errors) expect(extensions.code).toMatch(/^[A-Z_]+$/);
  body = GOOD;
  expect((await send(router.handler, { body: QUERY })).text).toBe(GOOD);
});
