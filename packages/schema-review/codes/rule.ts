import type { Codes } from './code.ts';

export const ruleCodes: Codes = {};
