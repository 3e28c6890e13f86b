import type { Codes } from './code.ts';

export const costCodes: Codes = {};
