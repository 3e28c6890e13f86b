/** What must hold after every attack, whatever it was. */
import { expect } from '@jest/globals';
import { codesOf, type Told } from '../toy/ask.ts';
import { askedOf, SUBGRAPHS } from '../toy/library.ts';
import type { Door } from './door.ts';

/** What a guest may never see. */
const SECRETS =
  /"(?:ada@example\.org|ben@example\.org|cy@example\.org|Once upon a time|Top|CALM|Hidden scroll|Dear me|Dear you)"/;
/** What no subgraph may be asked for on a guest's behalf. */
const GUARDED =
  /\b(?:email|phone|mood|badge|diary|savings|gold|shelf|secretKey|personErase)\b|on (?:Draft|Letter) ?\{ ?(?!withheld_)/;
/** What tells how we are built. */
const INSIDES = /node_modules|\.ts:\d|at \w+ \(|ECONNREFUSED|10\.1\.2\.3|souk-viewer/;

export function forget({ toy }: Door): void {
  for (const name of SUBGRAPHS) toy.library[name].requests.length = 0;
}

export function tellsNothing(told: Told): void {
  expect(told.text).not.toMatch(SECRETS);
  expect(told.text).not.toMatch(INSIDES);
}

export function askedForNothingGuarded({ toy }: Door): void {
  expect(askedOf(toy.library)).not.toMatch(GUARDED);
}

export function nobodyWasAsked({ toy }: Door): void {
  expect(askedOf(toy.library)).toBe('');
}

export async function stillServes(door: Door): Promise<void> {
  const told = await door.ask('{ me { name } }');
  expect(told).toMatchObject({ status: 200, data: { me: { name: 'Ada' } }, errors: [] });
}

/** Refused as a whole, before anybody was asked. */
export function refused(door: Door, told: Told, status: number, code: string): void {
  expect([told.status, ...new Set(codesOf(told).map((text) => text.split(' ')[0]))]).toEqual([status, code]);
  expect(told.data).toBeUndefined();
  tellsNothing(told);
  nobodyWasAsked(door);
}
