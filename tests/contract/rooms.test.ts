/** What every room promises. The suite knows none of them: a new line in the registry is all that it needs. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Keys } from './crawl.ts';
import { everyRoom, type OpenHouse, openContractHouse } from './open-house.ts';
import { promiseBoundedLists } from './promises/bounded-lists.ts';
import { promiseBudgets } from './promises/budgets.ts';
import { promiseEntities } from './promises/entities.ts';
import { promiseEveryField } from './promises/every-field.ts';
import { promiseHttp } from './promises/http.ts';
import { promiseIndexes } from './promises/indexes.ts';
import { promiseOutage } from './promises/outage.ts';
import { promiseSeal } from './promises/seal.ts';
import { promiseStrangeValues } from './promises/strange-values.ts';

/** Filled by the first promise, which walks through everything; later ones live on what it found. */
const keys: Keys = new Map();
let house: OpenHouse;
const theHouse = () => house;

beforeAll(async () => {
  house = await openContractHouse();
  house.record.begin();
}, 120_000);
afterAll(() => house?.close());

describe.each(everyRoom.map((room) => [room.name, room] as const))('%s', (_, room) => {
  promiseSeal(room, theHouse);
  promiseHttp(room, theHouse);
});

promiseEveryField(everyRoom, theHouse, keys);

describe.each(everyRoom.map((room) => [room.name, room] as const))('%s', (_, room) => {
  promiseEntities(room, theHouse, keys);
  promiseBoundedLists(room, theHouse, keys);
});

describe('The supergraph', () => {
  promiseBudgets(theHouse, keys);
  promiseOutage(everyRoom, theHouse, keys);
  promiseIndexes(theHouse);
});

// Last: it also changes what the others look at.
describe.each(everyRoom.map((room) => [room.name, room] as const))('%s', (_, room) => {
  promiseStrangeValues(room, theHouse, keys);
});
