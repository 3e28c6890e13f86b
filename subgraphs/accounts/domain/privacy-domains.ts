/**
 * Every domain that holds something about people: each takes part in every export and erasure, and a request is only
 * complete when all of them have answered. A new domain adds its name here (docs/adr/0011-privacy.md).
 */
export const PRIVACY_DOMAINS: readonly string[] = ['accounts', 'catalog', 'reviews'];
