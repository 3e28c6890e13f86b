import { expect, test } from '@jest/globals';
import { missingToGive, scopeErrors } from './granting.ts';
import { mayDownloadArchive, maySeeAccount, maySeePrivacyRequests, maySeeSessions } from './visibility.ts';

const lead = { userId: 'usr_lead', scopes: ['orders:read', 'roles:write'] };

test('one gives what one has, and what the receiver has already', () => {
  expect(missingToGive(lead, ['orders:read'])).toEqual([]);
  expect(missingToGive(lead, ['orders:read', 'ledger:write', 'ledger:write'])).toEqual(['ledger:write']);
  expect(missingToGive(lead, ['ledger:write'], ['ledger:write'])).toEqual([]);
});

test('each scope at fault is named at its place', () => {
  expect(scopeErrors(lead, ['orders:read', 'orders:reed', 'ledger:write'])).toMatchObject([
    { code: 'SCOPE_UNKNOWN', kind: 'INVALID', field: ['scopes', '1'] },
    { code: 'SCOPE_NOT_HELD', kind: 'FORBIDDEN', field: ['scopes', '2'] },
  ]);
});

test('rows are seen by the person they are about, and by staff as far as their work needs', () => {
  const self = { userId: 'usr_1', scopes: [] };
  const other = { userId: 'usr_2', scopes: ['orders:read'] };
  const guest = { scopes: [] };
  const support = { userId: 'usr_3', scopes: ['users:read'] };
  const officer = { userId: 'usr_4', scopes: ['privacy:write'] };
  const seenBy = (rule: typeof maySeeAccount) =>
    [self, other, guest, support, officer].map((viewer) => rule(viewer, 'usr_1'));
  expect(seenBy(maySeeAccount)).toEqual([true, false, false, true, false]);
  expect(seenBy(maySeeSessions)).toEqual([true, false, false, false, false]);
  expect(seenBy(maySeePrivacyRequests)).toEqual([true, false, false, true, true]);
  expect(seenBy(mayDownloadArchive)).toEqual([true, false, false, false, false]);
});
