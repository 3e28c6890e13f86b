/** Words of the command line and of the settings; apart from both, so that a wrong flag is told before either is loaded. */

export const SETTINGS_FILE = 'schema-review.yaml';

/** The first is what holds when nothing is said. */
export const FAIL_ON = ['breaking-used', 'breaking', 'risky'] as const;
export type FailOn = (typeof FAIL_ON)[number];

export const FORMATS = ['terminal', 'markdown', 'json', 'github', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];
