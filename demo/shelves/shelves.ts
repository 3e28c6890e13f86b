/** The twelve categories: two at the top, ten shelves below them. */
import { baskets } from './baskets.ts';
import { ceramics } from './ceramics.ts';
import { cushions } from './cushions.ts';
import { lamps } from './lamps.ts';
import { leather } from './leather.ts';
import { rugs } from './rugs.ts';
import type { Shelf } from './shelf.ts';
import { soapsAndOils } from './soaps-and-oils.ts';
import { spices } from './spices.ts';
import { stationery } from './stationery.ts';
import { teaAndCoffee } from './tea-and-coffee.ts';

export const departments = [
  { slug: 'house', name: 'House', description: 'Light, cloth, clay and leather for the rooms one lives in.' },
  {
    slug: 'pantry',
    name: 'Pantry and desk',
    description: 'What is used up and bought again: tea, spice, soap, paper.',
  },
] as const;

export const shelves: readonly Shelf[] = [
  lamps,
  rugs,
  cushions,
  ceramics,
  baskets,
  leather,
  teaAndCoffee,
  spices,
  soapsAndOils,
  stationery,
];
