/** GraphQL over HTTP to the letter: the audits of graphql-http against the router on a socket. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Served, serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { serverAudits } from 'graphql-http';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';

let toy: ToyRouter;
let served: Served;

beforeAll(async () => {
  toy = await startToyRouter();
  served = await serve({ handler: toy.handler, log: silentLog });
});
afterAll(async () => {
  await served.stop();
  await toy.router.stop();
});

const audits = serverAudits({ url: () => `${served.url}/graphql` });

test('there are 61 of them', () => {
  expect(audits).toHaveLength(61);
});

describe('audit', () => {
  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn();
    expect(result).toMatchObject({ status: 'ok' });
  });
});
