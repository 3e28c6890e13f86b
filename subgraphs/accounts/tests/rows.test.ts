/** Who sees which rows, by whatever way they ask. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { addAddress } from '../domain/address-book.ts';
import { requestExport } from '../domain/privacy-requests.ts';
import { SCOPE_NAMES } from '../domain/scopes.ts';
import { newPerson, type Person } from './desk.ts';
import { openRoom, type TestRoom } from './room.ts';

const postal = {
  recipient: 'Ada',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  countryCode: 'DE',
};

const USER = `
  id displayName
  profile { email emailVerified status version defaultShippingAddress { id } createdAt }
  addresses { nodes { id postal { recipient city countryCode } } }
  sessions { nodes { id isCurrent device } }
  security { mfaEnabled recoveryCodesLeft }
  roles { name scopes }
  privacyRequests { nodes { id kind } }`;

withPostgres('Rows of accounts', () => {
  let room: TestRoom;
  let ada: Person;
  let addressId: string;
  let requestId: string;

  beforeAll(async () => {
    room = await openRoom();
    const { desk } = room;
    ada = await newPerson(desk);
    const added = await addAddress(desk.services, ada.user.id, {
      postal,
      isDefaultShipping: true,
      isDefaultBilling: false,
    });
    const exported = await requestExport(desk.services, ada.actor, ada.user.id);
    if (!added.ok || !exported.ok) throw new Error('not set up');
    addressId = added.value.id;
    requestId = exported.value.id;
  });
  afterAll(() => room.close());

  const entity = async (type: string, id: string, selection: string, viewer = {}) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`;
    const { data } = await room.ask(query, { of: [{ __typename: type, id }] }, viewer);
    return data._entities[0];
  };
  const support = { userId: 'usr_support', scopes: ['users:read'] };
  const self = () => ({ userId: ada.user.id, sessionId: ada.sessionId });

  test('people see all of their own', async () => {
    const { data, errors } = await room.ask(`{ viewer { ${USER} } }`, {}, self());
    expect(errors).toEqual([]);
    expect(data.viewer).toEqual({
      id: ada.user.id,
      displayName: 'Ada Example',
      profile: {
        email: ada.email,
        emailVerified: false,
        status: 'ACTIVE',
        version: 1,
        defaultShippingAddress: { id: addressId },
        createdAt: expect.stringMatching(/Z$/),
      },
      addresses: {
        nodes: [{ id: addressId, postal: { recipient: 'Ada', city: 'Berlin', countryCode: 'DE' } }],
      },
      sessions: { nodes: [{ id: ada.sessionId, isCurrent: true, device: 'Firefox on Linux' }] },
      security: { mfaEnabled: false, recoveryCodesLeft: 0 },
      roles: [{ name: 'customer', scopes: [] }],
      privacyRequests: { nodes: [{ id: requestId, kind: 'EXPORT' }] },
    });
  });

  const hidden = {
    displayName: 'Ada Example',
    profile: null,
    addresses: null,
    sessions: null,
    security: null,
    roles: null,
    privacyRequests: null,
  };

  test.each([
    ['guests', {}],
    ['other shoppers', { userId: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV' }],
    [
      'staff of other trades',
      { userId: 'usr_x', scopes: SCOPE_NAMES.filter((name) => !/^(users:read|privacy)/.test(name)) },
    ],
    ['machines of other trades', { apiKeyId: 'key_x', scopes: ['orders:read'] }],
  ])('%s see the name and nothing else', async (_, viewer) => {
    expect(await entity('User', ada.user.id, USER, viewer)).toEqual({ id: ada.user.id, ...hidden });
    expect(await entity('Address', addressId, 'id postal { city }', viewer)).toBeNull();
    expect(await entity('PrivacyRequest', requestId, 'id user { id }', viewer)).toBeNull();
    const { data } = await room.ask(
      `{ viewer { id } privacyRequest(id: "${requestId}") { id } }`,
      {},
      viewer,
    );
    expect(data).toEqual({ viewer: null, privacyRequest: null });
  });

  test('staff who look after users see accounts, but not where people are signed in, nor their archives', async () => {
    const seen = await entity('User', ada.user.id, USER, support);
    expect(seen).toMatchObject({
      profile: { email: ada.email },
      roles: [{ name: 'customer' }],
      sessions: null,
    });
    expect(seen.addresses.nodes).toHaveLength(1);
    expect(await entity('Address', addressId, 'id', support)).toEqual({ id: addressId });
    expect(await entity('PrivacyRequest', requestId, 'downloadUrl kind', support)).toEqual({
      downloadUrl: null,
      kind: 'EXPORT',
    });
  });

  test('staff who work on privacy requests see those, and nothing else of the account', async () => {
    const officer = { userId: 'usr_officer', scopes: ['privacy:write'] };
    expect(await entity('PrivacyRequest', requestId, 'id user { id profile { email } }', officer)).toEqual({
      id: requestId,
      user: { id: ada.user.id, profile: null },
    });
    const { data } = await room.ask(
      '{ privacyRequests(state: RUNNING) { nodes { id state domains { domain state } } } }',
      {},
      officer,
    );
    expect(data.privacyRequests.nodes).toEqual([
      {
        id: requestId,
        state: 'RUNNING',
        domains: ['accounts', 'catalog', 'reviews'].map((domain) => ({ domain, state: 'PENDING' })),
      },
    ]);
  });

  test('keys that are doubled, missing or of another type get their answers in their places', async () => {
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id displayName } } }';
    const keys = [
      ada.user.id,
      'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV',
      ada.user.id,
      addressId,
      '',
      "'; drop table users; --\0",
    ];
    const { data, errors, trips } = await room.ask(query, {
      of: keys.map((id) => ({ __typename: 'User', id })),
    });
    expect(errors).toEqual([]);
    const found = { id: ada.user.id, displayName: 'Ada Example' };
    expect(data._entities).toEqual([found, null, found, null, null, null]);
    expect(trips).toBe(1);
  });
});
