import type { Shelf } from './shelf.ts';

export const lamps: Shelf = {
  slug: 'lamps',
  name: 'Lamps and lanterns',
  parent: 'house',
  description: 'Light with a pattern in it: for a table, a stair, a garden that is used after dark.',
  brands: ['Dar Nour', 'Atelier Zellige', 'Lumen & Sons'],
  choice: { name: 'Size', values: ['Small', 'Medium', 'Large'] },
  weightFactors: [1, 1.5, 2.1],
  things: [
    {
      name: 'table lamp',
      purpose:
        'Lights a reading corner without lighting the room. The switch sits on the cord, where a hand finds it in the dark.',
      weightGrams: 900,
      sizeMm: [180, 180, 320],
    },
    {
      name: 'floor lantern',
      purpose: 'Stands by a sofa or at the foot of a stair. A candle or a bulb up to 40 W fits inside.',
      weightGrams: 2400,
      sizeMm: [260, 260, 560],
    },
    {
      name: 'pendant lamp',
      purpose:
        'Hangs over a table and draws its pattern on the ceiling. Cord and rose for two metres are in the box.',
      weightGrams: 1300,
      sizeMm: [300, 300, 340],
    },
    {
      name: 'wall sconce',
      purpose: 'Throws its light up and down a wall. The back plate hides the screws.',
      weightGrams: 700,
      sizeMm: [140, 110, 290],
    },
    {
      name: 'candle holder',
      purpose: 'Keeps a pillar candle from drafts and wax from the table. Pretty by day as well.',
      weightGrams: 420,
      sizeMm: [110, 110, 130],
    },
    {
      name: 'night light',
      purpose: 'Just enough to find the door. Runs on a small LED that stays cold.',
      weightGrams: 310,
      sizeMm: [90, 90, 120],
    },
    {
      name: 'garden lantern',
      purpose:
        'Made to stay outside from spring to autumn. The hook on top bears it from a branch or a rail.',
      weightGrams: 1800,
      sizeMm: [200, 200, 420],
    },
    {
      name: 'desk lamp',
      purpose: 'Bends where the work is. The foot is heavy enough that it does not follow.',
      weightGrams: 1600,
      sizeMm: [220, 180, 460],
    },
    {
      name: 'tealight trio',
      purpose: 'Three cups that belong together, for a table that is laid. Each takes an ordinary tealight.',
      weightGrams: 380,
      sizeMm: [240, 90, 80],
    },
    {
      name: 'ceiling lamp',
      purpose: 'For rooms too low for a pendant. Three screws, and it is up.',
      weightGrams: 1500,
      sizeMm: [360, 360, 180],
    },
  ],
  makings: [
    {
      name: 'Pierced brass',
      material: 'Brass',
      origin: 'Fez',
      story:
        'The pattern is drawn with a compass and cut hole by hole with a hand punch; a lamp of middle size has about two thousand.',
      care: 'Dusts with a dry brush; polish it or let it darken, both suit it.',
    },
    {
      name: 'Hammered copper',
      material: 'Copper',
      origin: 'Marrakesh',
      story: 'Raised from one sheet on a wooden form, so that no seam crosses the pattern.',
      care: 'Wipe dry. Lemon and salt bring the red back.',
    },
    {
      name: 'Mosaic glass',
      material: 'Glass',
      origin: 'Istanbul',
      story: 'Chips of coloured glass are set by hand in white plaster, and no two rows come out alike.',
      care: 'A damp cloth; no cleaner with ammonia, which dulls the plaster.',
    },
    {
      name: 'Smoked glass',
      material: 'Glass',
      origin: 'Hebron',
      story:
        'Blown from bottle glass in the old furnaces of the city; the grey comes from the fire, not from a dye.',
      care: 'Warm water and a soft cloth.',
    },
    {
      name: 'Blackened iron',
      material: 'Iron',
      origin: 'Aleppo',
      story: 'Forged, riveted and burnt black with linseed oil, as gates are.',
      care: 'A drop of oil on a cloth once a year keeps rust away.',
    },
    {
      name: 'Carved cedar',
      material: 'Cedar wood',
      origin: 'Azrou',
      story: 'Lattice work cut from cedar of the Middle Atlas; it scents the room when the lamp is warm.',
      care: 'Keep it from the rain. Dust along the grain.',
    },
  ],
};
