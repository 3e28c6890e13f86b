/** Whether a parcel can get there: the parts that a country's post and tax need. */

import { invalid, type UserError } from '@souk/kit/errors/user-errors';
import { singleLine } from '@souk/kit/values/text-values';
import type { AccountsErrorCode } from './error-codes.ts';
import { phoneNumber } from './text-values.ts';

export interface PostalAddress {
  recipient: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string | null;
  countryCode: string;
  phone: string | null;
}

export interface TypedPostalAddress {
  recipient: string;
  line1: string;
  line2?: string | null;
  city: string;
  region?: string | null;
  postalCode?: string | null;
  countryCode: string;
  phone?: string | null;
}

/** Tax or carriers differ within these countries. */
const REGION_NEEDED = new Set(['AU', 'BR', 'CA', 'IN', 'MX', 'US']);
/** The Universal Postal Union lists no postal code for these. */
const NO_POSTAL_CODE = new Set(
  `AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GD GH GM GQ GY HK JM KI KM KN KP LC LY ML MO MR
  MW NR NU QA RW SB SC SL SR SS ST SX SY TD TG TK TL TO TV UG VU YE ZW`.split(/\s+/),
);
const REGION = /^[A-Z0-9]{1,3}$/;
const POSTAL_CODE = /^[\p{L}\p{N}][\p{L}\p{N} -]{1,11}$/u;
const MAX_LENGTHS = { recipient: 100, line1: 100, line2: 100, city: 80 } as const;

type Outcome = { ok: true; value: PostalAddress } | { ok: false; errors: UserError<AccountsErrorCode>[] };

/** `at` is where the address stands in the mutation's input. */
export function checkPostalAddress(typed: TypedPostalAddress, at: readonly string[]): Outcome {
  const errors: UserError<AccountsErrorCode>[] = [];
  const fault = (code: AccountsErrorCode, message: string, field: string) => {
    errors.push(invalid(code, message, [...at, field]));
    return null;
  };

  const line = (field: keyof typeof MAX_LENGTHS, needed: boolean): string | null => {
    const text = typed[field];
    if (isBlank(text))
      return needed ? fault('ADDRESS_INCOMPLETE', `${NAMES[field]} is missing`, field) : null;
    return (
      singleLine(text, MAX_LENGTHS[field]) ??
      fault(
        'VALUE_INVALID',
        `${NAMES[field]} must be one line of at most ${MAX_LENGTHS[field]} characters`,
        field,
      )
    );
  };

  const { countryCode } = typed;
  const value = {
    recipient: line('recipient', true),
    line1: line('line1', true),
    line2: line('line2', false),
    city: line('city', true),
    region: regionOf(typed, fault),
    postalCode: postalCodeOf(typed, fault),
    countryCode,
    phone: phoneOf(typed, fault),
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: value as PostalAddress };
}

const NAMES = { recipient: 'The recipient', line1: 'The street', line2: 'The second line', city: 'The city' };

type Fault = (code: AccountsErrorCode, message: string, field: string) => null;

function regionOf({ region, countryCode }: TypedPostalAddress, fault: Fault): string | null {
  if (isBlank(region)) {
    if (!REGION_NEEDED.has(countryCode)) return null;
    return fault(
      'ADDRESS_INCOMPLETE',
      `Addresses in ${countryCode} need a region, such as a state`,
      'region',
    );
  }
  const code = region.trim().toUpperCase();
  if (REGION.test(code)) return code;
  return fault(
    'VALUE_INVALID',
    'The region must be an ISO 3166-2 code without the country, such as CA',
    'region',
  );
}

function postalCodeOf({ postalCode, countryCode }: TypedPostalAddress, fault: Fault): string | null {
  if (isBlank(postalCode)) {
    if (NO_POSTAL_CODE.has(countryCode)) return null;
    return fault('ADDRESS_INCOMPLETE', `Addresses in ${countryCode} need a postal code`, 'postalCode');
  }
  const code = postalCode.trim().replace(/\s+/g, ' ').toUpperCase();
  if (POSTAL_CODE.test(code)) return code;
  return fault(
    'VALUE_INVALID',
    'The postal code must have 2 to 12 letters, digits, blanks or dashes',
    'postalCode',
  );
}

function phoneOf({ phone }: TypedPostalAddress, fault: Fault): string | null {
  if (isBlank(phone)) return null;
  return phoneNumber(phone) ?? fault('VALUE_INVALID', PHONE_RULE, 'phone');
}

export const PHONE_RULE = 'The phone number must be in E.164 form, such as +4930123456';

function isBlank(text: string | null | undefined): text is null | undefined | '' {
  return text === null || text === undefined || text.trim() === '';
}
