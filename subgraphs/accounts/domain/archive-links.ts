/** Links to the archives of exports: whoever holds one may fetch it, so it is short-lived and given to the person alone. */
import type { Viewer } from '@souk/kit/auth/viewer';
import type { PrivacyRequestRow } from '../store/tables.ts';
import { ARCHIVE_KEPT_MS } from './privacy-work.ts';
import type { Services } from './services.ts';
import { mayDownloadArchive } from './visibility.ts';

const LINK_SECONDS = 15 * 60;
export const ARCHIVES_PATH = '/privacy/archives/';

export function archiveLink(
  { vault, now, urls }: Pick<Services, 'vault' | 'now' | 'urls'>,
  viewer: Viewer,
  { id, kind, state, userId, completedAt }: PrivacyRequestRow,
): string | null {
  if (kind !== 'EXPORT' || state !== 'COMPLETED' || !mayDownloadArchive(viewer, userId)) return null;
  const instant = now().getTime();
  if (completedAt === null || completedAt.getTime() + ARCHIVE_KEPT_MS <= instant) return null;
  const expires = Math.floor(instant / 1000) + LINK_SECONDS;
  const signature = vault.mac('archive-link', signed(id, expires)).toString('base64url');
  return `${urls.public}${ARCHIVES_PATH}${id}?expires=${expires}&signature=${signature}`;
}

export function isArchiveLink(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  { id, expires, signature }: { id: string; expires: number; signature: string },
): 'good' | 'expired' | 'forged' {
  if (!vault.isMac('archive-link', signed(id, expires), Buffer.from(signature, 'base64url'))) return 'forged';
  return expires * 1000 > now().getTime() ? 'good' : 'expired';
}

function signed(id: string, expires: number): string {
  return `${id} ${expires}`;
}
