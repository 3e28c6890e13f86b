/** Pictures and films: where they may be served from, and how they are kept. */

import { exhausted, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { singleLine } from '@souk/kit/values/text-values';
import type { MediaDocument } from '../store/product-document.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { type CatalogRefusal, invalidValue, type Path } from './refusals.ts';
import type { Services } from './services.ts';

const MAX_MEDIA = 50;
const MAX_ALT = 500;
const MAX_PIXELS = 100_000;
export const COVERS_PATH = '/media/covers/';

export interface TypedMedia {
  kind: 'IMAGE' | 'VIDEO';
  url: string;
  alt: string;
  width?: number | null | undefined;
  height?: number | null | undefined;
}

type MediaServices = Pick<Services, 'newId' | 'publicUrl' | 'mediaHosts'>;

export function checkMediaList(
  services: MediaServices,
  typed: readonly TypedMedia[],
  path: Path,
): Result<MediaDocument[], CatalogErrorCode> {
  if (typed.length > MAX_MEDIA) {
    return refused(exhausted('LIMIT_REACHED', `A product has at most ${MAX_MEDIA} pictures and films`, path));
  }
  const errors: CatalogRefusal[] = [];
  const media: MediaDocument[] = [];
  for (const [index, item] of typed.entries()) {
    const checked = checkMedia(services, item, [...path, index]);
    if (checked.ok) media.push(checked.value);
    else errors.push(...checked.errors);
  }
  return errors.length > 0 ? refused(...errors) : ok(media);
}

export function checkMedia(
  services: MediaServices,
  typed: TypedMedia,
  path: Path,
): Result<MediaDocument, CatalogErrorCode> {
  const errors: CatalogRefusal[] = [];
  const url = storedUrl(services, typed.url);
  if (url === undefined) {
    const allowed = [...services.mediaHosts].sort().join(', ') || 'none but the shop’s own';
    const message = `Pictures and films are served by https from a host that the shop allows (${allowed})`;
    errors.push(invalid('MEDIA_HOST_NOT_ALLOWED', message, [...path, 'url']));
  }
  const alt = singleLine(typed.alt, MAX_ALT);
  if (alt === undefined) {
    errors.push(
      invalidValue(`The alternative text is one line of 1 to ${MAX_ALT} characters`, [...path, 'alt']),
    );
  }
  for (const side of ['width', 'height'] as const) {
    const pixels = typed[side];
    if (pixels === null || pixels === undefined || (pixels >= 1 && pixels <= MAX_PIXELS)) continue;
    errors.push(invalidValue(`The ${side} is from 1 to ${MAX_PIXELS} pixels`, [...path, side]));
  }
  if (url === undefined || alt === undefined || errors.length > 0) return refused(...errors);
  return ok({
    id: services.newId('med'),
    kind: typed.kind,
    url,
    alt,
    width: typed.width ?? null,
    height: typed.height ?? null,
  });
}

/** The cover that this room draws for a product by itself. */
export function drawnCover(services: Pick<Services, 'newId'>, productId: string, alt: string): MediaDocument {
  const url = `${COVERS_PATH}${productId}.svg`;
  return { id: services.newId('med'), kind: 'IMAGE', url, alt, width: 800, height: 800 };
}

/** What this room serves is kept without the host, which is another one in every deployment. */
function storedUrl({ publicUrl, mediaHosts }: MediaServices, typed: string): string | undefined {
  if (typed.length > 2_048 || !URL.canParse(typed)) return undefined;
  const url = new URL(typed);
  const own = new URL(publicUrl);
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.origin === own.origin && typed.startsWith(`${publicUrl}${COVERS_PATH}`)) {
    return typed.slice(publicUrl.length);
  }
  return url.protocol === 'https:' && mediaHosts.has(url.host) ? url.href : undefined;
}

export function publicUrlOf({ publicUrl }: Pick<Services, 'publicUrl'>, { url }: MediaDocument): string {
  return url.startsWith('/') ? `${publicUrl}${url}` : url;
}
