import type { Codes } from './code.ts';

export const compositionCodes: Codes = {};
