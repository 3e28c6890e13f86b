import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { findAddressesOfUser } from '../store/addresses.ts';
import { type Desk, newPerson, openDesk } from '../tests/desk.ts';
import { addAddress, changeAddress, removeAddress, type TypedAddress } from './address-book.ts';

const postal = {
  recipient: 'Ada',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  countryCode: 'DE',
};

withPostgres('The address book', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const add = (userId: string, typed: Partial<TypedAddress> = {}) =>
    addAddress(desk.services, userId, {
      postal,
      isDefaultShipping: false,
      isDefaultBilling: false,
      ...typed,
    });
  const added = async (userId: string, typed: Partial<TypedAddress> = {}) => {
    const outcome = await add(userId, typed);
    if (!outcome.ok) throw new Error(outcome.errors[0]!.code);
    return outcome.value;
  };
  const codesOf = (
    outcome: { ok: true } | { ok: false; errors: { code: string; field: string[] | null }[] },
  ) =>
    outcome.ok ? [] : outcome.errors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`.trim());

  test('an entry is added, changed part by part, and taken out', async () => {
    const { user } = await newPerson(desk);
    const entry = await added(user.id, { label: 'Home' });
    expect(entry).toMatchObject({ label: 'Home', recipient: 'Ada', line2: null, version: 1 });
    const changed = await changeAddress(desk.services, user.id, {
      addressId: entry.id,
      expectedVersion: 1,
      label: null,
      postal: { ...postal, city: 'Potsdam', postalCode: '14467' },
    });
    expect(changed).toMatchObject({
      ok: true,
      value: { label: null, city: 'Potsdam', recipient: 'Ada', version: 2 },
    });
    const late = await changeAddress(desk.services, user.id, { addressId: entry.id, expectedVersion: 1 });
    expect(codesOf(late)).toEqual(['VERSION_CONFLICT expectedVersion']);
    expect(await removeAddress(desk.services, user.id, entry.id)).toEqual({ ok: true, value: entry.id });
    expect(codesOf(await removeAddress(desk.services, user.id, entry.id))).toEqual([
      'ADDRESS_NOT_FOUND addressId',
    ]);
  });

  test('what is wrong with an entry is told at its place', async () => {
    const { user } = await newPerson(desk);
    const outcome = await add(user.id, { label: 'x'.repeat(41), postal: { ...postal, city: '' } });
    expect(codesOf(outcome)).toEqual(['VALUE_INVALID label', 'ADDRESS_INCOMPLETE postal.city']);
  });

  test('there is one default of each kind at most, also when two are made at once', async () => {
    const { user } = await newPerson(desk);
    await Promise.all(Array.from({ length: 5 }, () => add(user.id, { isDefaultShipping: true })));
    const last = await added(user.id, { isDefaultBilling: true, isDefaultShipping: true });
    const defaults = (await findAddressesOfUser(desk.services.db, user.id)).filter(
      (row) => row.isDefaultShipping,
    );
    expect(defaults.map(({ id }) => id)).toEqual([last.id]);
    const other = await added(user.id);
    await changeAddress(desk.services, user.id, {
      addressId: other.id,
      expectedVersion: 1,
      isDefaultShipping: true,
    });
    await changeAddress(desk.services, user.id, {
      addressId: other.id,
      expectedVersion: 2,
      isDefaultBilling: null,
    });
    const after = await findAddressesOfUser(desk.services.db, user.id);
    expect(after.filter((row) => row.isDefaultShipping).map(({ id }) => id)).toEqual([other.id]);
    expect(after.filter((row) => row.isDefaultBilling).map(({ id }) => id)).toEqual([last.id]);
    // Whoever lost it was changed too: an editor that shows it must notice.
    expect(after.find(({ id }) => id === last.id)?.version).toBe(2);
  });

  test('the book holds fifty, also when many are added at once', async () => {
    const { user } = await newPerson(desk);
    const outcomes = await Promise.all(Array.from({ length: 55 }, () => add(user.id)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(50);
    expect(new Set(outcomes.flatMap(codesOf))).toEqual(new Set(['ADDRESS_LIMIT']));
  });

  test('nobody touches the book of another', async () => {
    const [ada, eve] = [await newPerson(desk), await newPerson(desk)];
    const entry = await added(ada.user.id);
    const change = await changeAddress(desk.services, eve.user.id, {
      addressId: entry.id,
      expectedVersion: 1,
      label: 'mine',
    });
    expect(codesOf(change)).toEqual(['ADDRESS_NOT_FOUND addressId']);
    expect(codesOf(await removeAddress(desk.services, eve.user.id, entry.id))).toEqual([
      'ADDRESS_NOT_FOUND addressId',
    ]);
    expect(await findAddressesOfUser(desk.services.db, ada.user.id)).toMatchObject([
      { id: entry.id, version: 1 },
    ]);
  });
});
