/** What this room can be told; kit reads it from the environment, together with what every service can be told. */
import { baseUrl, publicUrl, url, viewerKeys } from '@souk/kit/settings/kinds';
import { z } from 'zod';

export const accountsSettings = {
  /**
   * Seals what the database must not show, and makes codes that it cannot forge. Made by itself, in SOUK_DATA_DIR, when
   * not set; several processes need the same one. Of several with commas between them the first one seals.
   */
  SOUK_ACCOUNTS_KEY: viewerKeys.optional(),
  /** Where clients reach this API: `iss` and `aud` of tokens, and where archives are fetched. */
  SOUK_PUBLIC_URL: publicUrl,
  /** Where the links in mails lead; SOUK_PUBLIC_URL when not set. */
  SOUK_STOREFRONT_URL: baseUrl.optional(),
  /** A mail server; without it mails are written to `<SOUK_DATA_DIR>/mail`. */
  SMTP_URL: url('smtp', 'smtps').optional(),
  SOUK_MAIL_FROM: z
    .string()
    .regex(
      /^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/,
      'must be an address, such as Souk <shop@example.com>',
    )
    .default('Souk <no-reply@souk.localhost>'),
  SOUK_DATA_DIR: z.string().default('.souk'),
};
