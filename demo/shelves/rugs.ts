import type { Shelf } from './shelf.ts';

export const rugs: Shelf = {
  slug: 'rugs',
  name: 'Rugs and runners',
  parent: 'house',
  description:
    'Wool, cotton and patience. Each is knotted or woven by hand, and the back is as honest as the front.',
  brands: ['Tribe & Loom', 'Beni House', 'Anatolian Weavers'],
  choice: { name: 'Length', values: ['120 cm', '180 cm', '240 cm'] },
  weightFactors: [1, 1.9, 3.1],
  things: [
    {
      name: 'hall runner',
      purpose: 'Long and narrow, for the way from the door to the kitchen. It lies flat from the first day.',
      weightGrams: 2100,
      sizeMm: [800, 160, 160],
    },
    {
      name: 'bedside rug',
      purpose:
        'The first thing bare feet meet in the morning. Thick enough to stand on for a while and think.',
      weightGrams: 1400,
      sizeMm: [600, 140, 140],
    },
    {
      name: 'living-room rug',
      purpose: 'Holds a sofa and two chairs together. The pattern reads from every side.',
      weightGrams: 6800,
      sizeMm: [1200, 260, 260],
    },
    {
      name: 'kitchen mat',
      purpose: 'Woven flat and tight, so that crumbs stay on top. Goes into the machine at thirty degrees.',
      weightGrams: 900,
      sizeMm: [520, 110, 110],
    },
    {
      name: 'prayer rug',
      purpose: 'Light enough to carry, warm enough for stone floors. A niche is woven into one end.',
      weightGrams: 1100,
      sizeMm: [700, 100, 100],
    },
    {
      name: 'stair runner',
      purpose: 'Cut to no stair and so fits all; rods are sold by any hardware shop. Ends are bound by hand.',
      weightGrams: 3200,
      sizeMm: [700, 200, 200],
    },
    {
      name: 'play rug',
      purpose: 'Soft, washable and busy enough to hide a biscuit. Edges are sewn down against small fingers.',
      weightGrams: 2600,
      sizeMm: [900, 180, 180],
    },
    {
      name: 'doorway rug',
      purpose: 'Takes the street off your shoes. Dark where it is trodden, light where it is seen.',
      weightGrams: 1200,
      sizeMm: [560, 120, 120],
    },
    {
      name: 'round rug',
      purpose: 'For under a round table or a single good chair. Woven from the middle outwards.',
      weightGrams: 3900,
      sizeMm: [900, 220, 220],
    },
    {
      name: 'wall hanging',
      purpose: 'A rug too pretty to walk on. Comes with a rod and two hooks.',
      weightGrams: 1300,
      sizeMm: [700, 110, 110],
    },
  ],
  makings: [
    {
      name: 'Beni Ourain',
      material: 'Wool',
      origin: 'Middle Atlas',
      story:
        'Undyed wool of mountain sheep, knotted high; the lozenges are the weaver’s own and mean what she says they mean.',
      care: 'Shake it outside; vacuum without the brush.',
    },
    {
      name: 'Flat-woven kilim',
      material: 'Wool',
      origin: 'Konya',
      story: 'Woven on an upright loom without pile, so both sides are for use.',
      care: 'Turn it once a season. Cold water for stains.',
    },
    {
      name: 'Boucherouite',
      material: 'Recycled cotton',
      origin: 'Boujad',
      story: 'Knotted from strips of worn clothes, and as cheerful as that sounds.',
      care: 'Machine wash, cold, alone the first time.',
    },
    {
      name: 'Indigo-dyed',
      material: 'Cotton',
      origin: 'Bagru',
      story: 'Dipped seven times and dried seven times; the blue deepens with each.',
      care: 'Wash dark. A little blue in the first water is as it should be.',
    },
    {
      name: 'Natural jute',
      material: 'Jute',
      origin: 'Khulna',
      story: 'Plaited, coiled and sewn; strong, dry and a little scratchy, like a good field.',
      care: 'Vacuum; dry at once if it gets wet.',
    },
    {
      name: 'Saffron-striped',
      material: 'Wool',
      origin: 'Taznakht',
      story: 'Striped with wool dyed in saffron, madder and walnut shells, never twice in the same order.',
      care: 'Keep out of strong sun, or enjoy how it fades.',
    },
  ],
};
