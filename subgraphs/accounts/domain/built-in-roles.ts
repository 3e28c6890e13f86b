/** The two roles that the rules themselves rely on; all others are made, changed and deleted by staff. */

/** Everybody who signs up holds it. */
export const DEFAULT_ROLE = 'customer';
/** Holds every scope there is, also those that a later release brings. */
export const ADMIN_ROLE = 'admin';

export function isBuiltIn(name: string): boolean {
  return name === DEFAULT_ROLE || name === ADMIN_ROLE;
}
