import type { Codes } from './code.ts';

export const changeCodes: Codes = {};
