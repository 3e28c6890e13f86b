import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChainedEntry, findBreak, hashOfEntry } from './audit-chain.ts';
import { createVault } from './vault.ts';

const vault = createVault([createSecretKey(randomBytes(32))]);

type Stored = ChainedEntry & { hash: Buffer };

function chainOf(length: number, made = vault): Stored[] {
  const entries: Stored[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const entry: ChainedEntry = {
      seq,
      id: `aud_${seq}`,
      occurredAt: new Date(1_700_000_000_000 + seq),
      action: 'SIGNED_IN',
      actorId: seq % 2 ? 'usr_1' : null,
      apiKeyId: null,
      subjectId: 'usr_1',
      ipAddress: null,
      requestId: `req-${seq}`,
      details: { b: 1, a: { d: [1, 2], c: null } },
    };
    entries.push({ ...entry, hash: hashOfEntry(made, entries.at(-1)?.hash ?? Buffer.alloc(0), entry) });
  }
  return entries;
}

/** Three at a time, so that batches end in the middle. */
const reader = (entries: readonly Stored[]) => async (after: number) =>
  entries.filter(({ seq }) => seq > after).slice(0, 3);
const check = (entries: readonly Stored[], head = { seq: entries.length, hash: Buffer.alloc(0) }) =>
  findBreak(vault, reader(entries), head);

test('a chain that nobody touched holds, also when it is empty', async () => {
  expect(await check(chainOf(10))).toEqual({ entries: 10 });
  expect(await check([])).toEqual({ entries: 0 });
});

test('entries come back from JSON with their keys in another order, and still hold', async () => {
  const entries = chainOf(2);
  entries[1]!.details = { a: { c: null, d: [1, 2] }, b: 1 };
  expect(await check(entries)).toEqual({ entries: 2 });
});

test('any change of any entry is found where it is', async () => {
  const changes: ((entry: Stored) => void)[] = [
    (entry) => {
      entry.action = 'ERASED';
    },
    (entry) => {
      entry.actorId = 'usr_other';
    },
    (entry) => {
      entry.subjectId = null;
    },
    (entry) => {
      entry.ipAddress = '203.0.113.0/24';
    },
    (entry) => {
      entry.occurredAt = new Date(0);
    },
    (entry) => {
      entry.requestId = 'other';
    },
    (entry) => {
      entry.details = { b: 2 };
    },
    (entry) => {
      entry.id = 'aud_other';
    },
    (entry) => {
      entry.apiKeyId = 'key_1';
    },
    (entry) => {
      entry.hash = randomBytes(32);
    },
  ];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...changes), async (seq, change) => {
      const entries = chainOf(12);
      change(entries[seq - 1]!);
      expect((await check(entries)).broken?.seq).toBe(seq);
    }),
  );
});

test('missing entries are told apart from changed ones, at the start, in the middle and at the end', async () => {
  const without = (...gone: number[]) =>
    check(
      chainOf(9).filter(({ seq }) => !gone.includes(seq)),
      headOf(9),
    );
  const headOf = (seq: number) => ({ seq, hash: Buffer.alloc(0) });
  expect((await without(1)).broken).toEqual({ seq: 1, reason: 'entry 1 is missing' });
  expect((await without(4, 5)).broken).toEqual({ seq: 4, reason: 'entries 4 to 5 are missing' });
  expect((await without(8, 9)).broken).toEqual({ seq: 8, reason: 'entries 8 to 9 are missing at the end' });
});

test('whoever has not the key cannot make a chain that holds', async () => {
  const forged = chainOf(3, createVault([createSecretKey(randomBytes(32))]));
  expect((await check(forged)).broken?.seq).toBe(1);
});
