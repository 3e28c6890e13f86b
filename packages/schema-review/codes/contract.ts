import type { Codes } from './code.ts';

export const contractCodes: Codes = {};
