/** Who may see which rows. Directives in the SDL say who may ask; these rules say what they are shown. */
import { hasScope, type Viewer } from '@souk/kit/auth/viewer';

export function isSelf(viewer: Viewer, userId: string): boolean {
  return viewer.userId === userId;
}

/** Profile, addresses, security and roles. */
export function maySeeAccount(viewer: Viewer, userId: string): boolean {
  return isSelf(viewer, userId) || hasScope(viewer, 'users:read');
}

/** Where somebody is signed in is nobody else's business, staff included. */
export function maySeeSessions(viewer: Viewer, userId: string): boolean {
  return isSelf(viewer, userId);
}

/** Those who work on privacy requests, and those who look after the person. */
export function maySeePrivacyRequests(viewer: Viewer, userId: string): boolean {
  return maySeeAccount(viewer, userId) || hasScope(viewer, 'privacy:write');
}

/** The archive holds everything about a person: only they get it. */
export function mayDownloadArchive(viewer: Viewer, userId: string): boolean {
  return isSelf(viewer, userId);
}
