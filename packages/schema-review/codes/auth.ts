import type { Codes } from './code.ts';

export const authCodes: Codes = {};
