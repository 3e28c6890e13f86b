import { publicUrlOf } from '../domain/media.ts';
import type { MediaResolvers } from '../generated/resolver-types.ts';

export const Media: MediaResolvers = {
  url: (media, _, { services }) => publicUrlOf(services, media),
};
