import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { signUp } from './domain/sign-up.ts';
import { seedUsers } from './seed.ts';
import { findAddressesOfUser } from './store/addresses.ts';
import { findRolesOfUsers } from './store/roles.ts';
import { findSessionsOfUser } from './store/sessions.ts';
import { findUsers } from './store/users.ts';
import { type Desk, openDesk, PASSWORD } from './tests/desk.ts';

withPostgres('Seeding', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const postal = {
    recipient: 'Mara',
    line1: 'Kade 1',
    city: 'Utrecht',
    postalCode: '3511',
    countryCode: 'NL',
  };
  const people = Array.from({ length: 9 }, (_, index) => ({
    email: `demo-${index}@example.com`,
    password: PASSWORD,
    displayName: `Demo ${index}`,
    givenName: 'Mara',
    roles: index === 0 ? ['support'] : [],
    addresses: [{ postal, isDefaultShipping: true, isDefaultBilling: true }],
  }));

  test('people are opened once, verified, with their roles and addresses, and without mails and sessions', async () => {
    let steps = 0;
    const ids = await seedUsers(desk.services, people, () => {
      steps += 1;
    });
    expect([ids.size, steps]).toEqual([9, 9]);
    const first = ids.get('demo-0@example.com')!;
    const [row] = await findUsers(desk.services.db, [first]);
    expect(row).toMatchObject({
      displayName: 'Demo 0',
      givenName: 'Mara',
      emailVerifiedAt: expect.any(Date),
    });
    expect((await findRolesOfUsers(desk.services.db, [first])).map(({ name }) => name)).toEqual([
      'customer',
      'support',
    ]);
    expect(await findAddressesOfUser(desk.services.db, first)).toHaveLength(1);
    expect(await findSessionsOfUser(desk.services.db, first)).toEqual([]);
    expect(desk.mails).toEqual([]);
    expect(await seedUsers(desk.services, people)).toEqual(ids);
  });

  test('who was opened by a load that was killed then is made whole by the next one', async () => {
    const { email, displayName } = { ...people[0]!, email: 'half@example.com' };
    const nobody = { viewer: { scopes: [] }, requestId: 'killed', device: 'Demo data', network: undefined };
    const opened = await signUp(desk.services, nobody, {
      email,
      password: PASSWORD,
      displayName,
      locale: 'en',
    });
    if (!opened.ok) throw new Error('the rules let them in');
    const { id } = opened.value.user;
    expect((await seedUsers(desk.services, [{ ...people[0]!, email }])).get(email)).toBe(id);
    const [row] = await findUsers(desk.services.db, [id]);
    expect(row).toMatchObject({ givenName: 'Mara', emailVerifiedAt: expect.any(Date) });
    const roles = await findRolesOfUsers(desk.services.db, [id]);
    expect(roles.map(({ name }) => name)).toEqual(['customer', 'support']);
  });

  test('what the rules refuse is an error that names whom', async () => {
    await expect(
      seedUsers(desk.services, [{ ...people[0]!, email: 'x@example.com', password: 'weak' }]),
    ).rejects.toThrow('x@example.com cannot be seeded: The password must have at least 12 characters');
    const addresses = [{ postal: { ...postal, city: '' }, isDefaultShipping: true, isDefaultBilling: true }];
    await expect(
      seedUsers(desk.services, [{ ...people[0]!, email: 'y@example.com', addresses }]),
    ).rejects.toThrow('y@example.com has an address that is refused: The city is missing');
  });
});
