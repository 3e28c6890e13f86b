/** What this room can be told; kit reads it from the environment, together with what every service can be told. */
import { list, publicUrl } from '@souk/kit/settings/kinds';

const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/;

export const catalogSettings = {
  /** Where clients reach this API: covers and uploads have their addresses below it. */
  SOUK_PUBLIC_URL: publicUrl,
  /** Hosts that pictures and films may be served from, with commas between them. */
  SOUK_CATALOG_MEDIA_HOSTS: list
    .transform((hosts) => hosts.map((host) => host.toLowerCase()))
    .refine((hosts) => hosts.every((host) => HOST.test(host)), {
      message: 'must be host names with commas between them, such as cdn.example.com,images.example.com',
    })
    .prefault(''),
};
