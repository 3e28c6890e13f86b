import { expect, test } from '@jest/globals';
import { checkPostalAddress } from './postal-address.ts';

const berlin = {
  recipient: ' Ada Lovelace ',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  countryCode: 'DE',
};
const faultsOf = (address: Parameters<typeof checkPostalAddress>[0]) => {
  const outcome = checkPostalAddress(address, ['postal']);
  return outcome.ok ? [] : outcome.errors.map(({ code, field }) => `${code} ${field?.join('.')}`);
};

test('a complete address is tidied up', () => {
  expect(checkPostalAddress({ ...berlin, phone: '+49 30 1234567', line2: '', region: null }, [])).toEqual({
    ok: true,
    value: { ...berlin, recipient: 'Ada Lovelace', line2: null, region: null, phone: '+49301234567' },
  });
});

test('all that is missing is told at once, each at its place', () => {
  expect(faultsOf({ recipient: ' ', line1: '', city: '', countryCode: 'DE' })).toEqual([
    'ADDRESS_INCOMPLETE postal.recipient',
    'ADDRESS_INCOMPLETE postal.line1',
    'ADDRESS_INCOMPLETE postal.city',
    'ADDRESS_INCOMPLETE postal.postalCode',
  ]);
});

test('countries differ in what they need', () => {
  const { postalCode: _, ...without } = berlin;
  expect(faultsOf({ ...without, countryCode: 'HK' })).toEqual([]);
  expect(faultsOf({ ...berlin, countryCode: 'US' })).toEqual(['ADDRESS_INCOMPLETE postal.region']);
  expect(faultsOf({ ...berlin, countryCode: 'US', region: 'ca' })).toEqual([]);
});

test('what is malformed is refused', () => {
  expect(faultsOf({ ...berlin, region: 'California' })).toEqual(['VALUE_INVALID postal.region']);
  expect(faultsOf({ ...berlin, postalCode: '10119; drop' })).toEqual(['VALUE_INVALID postal.postalCode']);
  expect(faultsOf({ ...berlin, phone: '12' })).toEqual(['VALUE_INVALID postal.phone']);
  expect(faultsOf({ ...berlin, line1: 'a\nb' })).toEqual(['VALUE_INVALID postal.line1']);
  expect(faultsOf({ ...berlin, city: 'x'.repeat(81) })).toEqual(['VALUE_INVALID postal.city']);
});
