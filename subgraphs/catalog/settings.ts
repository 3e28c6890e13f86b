/** What this room can be told; kit reads it from the environment, together with what every service can be told. */
import { url } from '@souk/kit/setting-kinds';
import { z } from 'zod';

const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/;

export const catalogSettings = {
  /** Where clients reach this API: covers and uploads have their addresses below it. */
  SOUK_PUBLIC_URL: url('http', 'https')
    .transform((text) => text.replace(/\/+$/, ''))
    .default('http://127.0.0.1:4000'),
  /** Hosts that pictures and films may be served from, with commas between them. */
  SOUK_CATALOG_MEDIA_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim().toLowerCase() || []))
    .refine((hosts) => hosts.every((host) => HOST.test(host)), {
      message: 'must be host names with commas between them, such as cdn.example.com,images.example.com',
    }),
};
