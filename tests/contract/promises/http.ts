/** A room speaks GraphQL over HTTP to the letter, to whoever the router signed. */
import { expect, test } from '@jest/globals';
import { signViewer, VIEWER_HEADER } from '@souk/kit/auth/viewer';
import { serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import type { Room } from '@souk/kit/room/room';
import { auditServer } from 'graphql-http';
import type { OpenHouse } from '../open-house.ts';

const AUDITS = 61;

export function promiseHttp(room: Room, house: () => OpenHouse): void {
  test('passes the audits of graphql-http', async () => {
    const served = await serve({ handler: house().handlerOf(room.name), log: silentLog });
    const signed = () => ({ [VIEWER_HEADER]: signViewer({ scopes: [] }, house().viewerKey) });
    const results = await auditServer({
      url: `${served.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...init.headers, ...signed() } }),
    }).finally(served.stop);
    expect(results).toHaveLength(AUDITS);
    expect(results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`)).toEqual(
      [],
    );
  });
}
