/** A user's address book: up to fifty entries, one default for delivery and one for billing at most. */

import {
  exhausted,
  invalid,
  notFound,
  ok,
  type Result,
  refused,
  type UserError,
} from '@souk/kit/errors/user-errors';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import { singleLine } from '@souk/kit/values/text-values';
import {
  type AddressChange,
  clearDefault,
  countAddresses,
  deleteAddress,
  insertAddress,
  lockAddress,
  updateAddress,
} from '../store/addresses.ts';
import type { AddressRow } from '../store/tables.ts';
import { lockUser } from '../store/users.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { checkPostalAddress, type TypedPostalAddress } from './postal-address.ts';
import { versionConflict } from './profile.ts';
import type { Services } from './services.ts';

const MAX_ADDRESSES = 50;
const MAX_LABEL = 40;

export interface TypedAddress {
  label?: string | null | undefined;
  postal: TypedPostalAddress;
  isDefaultShipping: boolean;
  isDefaultBilling: boolean;
}

/** Parts that are left out stay; a null label is removed. */
export interface TypedAddressChange {
  addressId: string;
  expectedVersion: number;
  label?: string | null | undefined;
  postal?: TypedPostalAddress | null | undefined;
  isDefaultShipping?: boolean | null | undefined;
  isDefaultBilling?: boolean | null | undefined;
}

type Outcome = Result<AddressRow, AccountsErrorCode>;

export async function addAddress(services: Services, userId: string, typed: TypedAddress): Promise<Outcome> {
  const checked = checkChange(typed);
  if (!checked.ok) return checked;
  return inTransaction(services.db, async (tx): Promise<Outcome> => {
    // Two that are added at once must not both become the fiftieth, or both the default.
    await lockUser(tx, userId);
    const [counted] = await countAddresses(tx, userId);
    if (counted!.count >= MAX_ADDRESSES) {
      const message = `The address book holds ${MAX_ADDRESSES} entries; take one out first`;
      return refused(exhausted('ADDRESS_LIMIT', message));
    }
    const { isDefaultShipping, isDefaultBilling } = typed;
    await clearOtherDefaults(tx, userId, { isDefaultShipping, isDefaultBilling });
    const [row] = await insertAddress(tx, {
      label: null,
      ...checked.value,
      id: services.newId('adr'),
      userId,
      isDefaultShipping,
      isDefaultBilling,
      lastUsedAt: services.now(),
    } as Parameters<typeof insertAddress>[1]);
    return ok(row!);
  });
}

export async function changeAddress(
  services: Services,
  userId: string,
  typed: TypedAddressChange,
): Promise<Outcome> {
  const checked = checkChange(typed);
  if (!checked.ok) return checked;
  return inTransaction(services.db, async (tx): Promise<Outcome> => {
    await lockUser(tx, userId);
    const [row] = await lockAddress(tx, typed.addressId, userId);
    if (!row) return refused(addressNotFound());
    if (row.version !== typed.expectedVersion) return refused(versionConflict());
    const defaults = {
      isDefaultShipping: typed.isDefaultShipping ?? row.isDefaultShipping,
      isDefaultBilling: typed.isDefaultBilling ?? row.isDefaultBilling,
    };
    await clearOtherDefaults(tx, userId, {
      isDefaultShipping: defaults.isDefaultShipping && !row.isDefaultShipping,
      isDefaultBilling: defaults.isDefaultBilling && !row.isDefaultBilling,
    });
    const [changed] = await updateAddress(tx, row.id, {
      ...checked.value,
      ...defaults,
      lastUsedAt: services.now(),
    });
    return ok(changed!);
  });
}

export async function removeAddress(
  services: Services,
  userId: string,
  addressId: string,
): Promise<Result<string, AccountsErrorCode>> {
  const [gone] = await deleteAddress(services.db, addressId, userId);
  return gone ? ok(gone.id) : refused(addressNotFound());
}

function addressNotFound(): UserError<AccountsErrorCode> {
  return notFound('ADDRESS_NOT_FOUND', 'Your address book has no such entry', 'addressId');
}

function checkChange(
  typed: Pick<TypedAddressChange, 'label' | 'postal'>,
): Result<AddressChange, AccountsErrorCode> {
  const errors: UserError<AccountsErrorCode>[] = [];
  const change: AddressChange = {};
  if (typed.label === null) change.label = null;
  else if (typed.label !== undefined) {
    change.label = singleLine(typed.label, MAX_LABEL) ?? null;
    if (change.label === null) {
      const rule = `The label must be one line of 1 to ${MAX_LABEL} characters; null removes it`;
      errors.push(invalid('VALUE_INVALID', rule, 'label'));
    }
  }
  if (typed.postal) {
    const postal = checkPostalAddress(typed.postal, ['postal']);
    if (postal.ok) Object.assign(change, postal.value);
    else errors.push(...postal.errors);
  }
  return errors.length > 0 ? refused(...errors) : ok(change);
}

async function clearOtherDefaults(
  tx: Queryable,
  userId: string,
  becomes: { isDefaultShipping: boolean; isDefaultBilling: boolean },
): Promise<void> {
  if (becomes.isDefaultShipping) await clearDefault(tx, userId, 'isDefaultShipping');
  if (becomes.isDefaultBilling) await clearDefault(tx, userId, 'isDefaultBilling');
}
