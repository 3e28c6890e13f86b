import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { parseSettings } from '@souk/kit/settings/settings';
import { readOrMakeKey } from './key-file.ts';
import { accountsSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'souk-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first start makes a key that only its owner can read, and later ones find it', async () => {
  const dataDir = join(folder, 'fresh', 'data');
  const keys = await Promise.all(Array.from({ length: 5 }, () => readOrMakeKey(dataDir)));
  const [first] = keys.map(([key]) => key.export().toString('hex'));
  expect(first).toHaveLength(64);
  expect(new Set(keys.map(([key]) => key.export().toString('hex')))).toEqual(new Set([first]));
  const file = join(dataDir, 'accounts.key');
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readFileSync(file, 'utf8').trim()).toHaveLength(44);
});

test('a file that holds no key says so, and what to do', async () => {
  writeFileSync(join(folder, 'accounts.key'), 'short');
  await expect(readOrMakeKey(folder)).rejects.toThrow(/accounts\.key holds no key.*SOUK_ACCOUNTS_KEY/s);
});

test('settings have defaults that work, and faults are told with the setting’s name', () => {
  const parse = (env: Record<string, string>) => parseSettings({ shape: accountsSettings, env });
  expect(parse({})).toMatchObject({ SOUK_PUBLIC_URL: 'http://127.0.0.1:4000', SOUK_DATA_DIR: '.souk' });
  expect(parse({ SOUK_PUBLIC_URL: 'https://api.shop.example/' }).SOUK_PUBLIC_URL).toBe(
    'https://api.shop.example',
  );
  expect(() =>
    parse({
      SOUK_ACCOUNTS_KEY: 'c2hvcnQ=',
      SOUK_PUBLIC_URL: 'shop.example',
      SMTP_URL: 'http://mail',
      SOUK_MAIL_FROM: 'the shop',
      SOUK_STOREFRONT_URLS: 'x',
    }),
  ).toThrow(
    /(?=.*SOUK_ACCOUNTS_KEY)(?=.*SOUK_PUBLIC_URL)(?=.*SMTP_URL)(?=.*SOUK_MAIL_FROM)(?=.*did you mean SOUK_STOREFRONT_URL\?)/s,
  );
});
