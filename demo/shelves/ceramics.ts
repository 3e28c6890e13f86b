import type { Shelf } from './shelf.ts';

export const ceramics: Shelf = {
  slug: 'ceramics',
  name: 'Bowls and plates',
  parent: 'house',
  description: 'Thrown, painted and fired by people who eat from them too.',
  brands: ['Safi Potters', 'Atelier Zellige', 'Iznik Hane'],
  choice: { name: 'Size', values: ['18 cm', '24 cm', '30 cm'] },
  weightFactors: [1, 1.6, 2.4],
  things: [
    {
      name: 'serving bowl',
      purpose: 'Salad for four, or oranges for a week. The foot is glazed, so it does not scratch the table.',
      weightGrams: 820,
      sizeMm: [240, 240, 110],
    },
    {
      name: 'dinner plate',
      purpose: 'A plate for every day with a rim wide enough for a thumb. Stacks without a wobble.',
      weightGrams: 610,
      sizeMm: [240, 240, 30],
    },
    {
      name: 'soup bowl',
      purpose: 'Deep, so that soup stays hot, and wide, so that bread fits in. Two small ears for carrying.',
      weightGrams: 480,
      sizeMm: [170, 170, 80],
    },
    {
      name: 'tagine',
      purpose:
        'The lid sends the steam back to where it came from. Oven to 220 degrees; flame with a diffuser.',
      weightGrams: 2900,
      sizeMm: [300, 300, 260],
    },
    {
      name: 'olive dish',
      purpose: 'Three wells: olives, stones, and what you hide from the children. Fits a small hand.',
      weightGrams: 390,
      sizeMm: [220, 110, 40],
    },
    {
      name: 'fruit platter',
      purpose: 'Flat and wide, for figs that must not touch. Hangs on a wall between seasons.',
      weightGrams: 1200,
      sizeMm: [330, 330, 50],
    },
    {
      name: 'water jug',
      purpose: 'Holds a litre and pours without a drop on the cloth. The handle is pulled, not cast.',
      weightGrams: 950,
      sizeMm: [160, 130, 230],
    },
    {
      name: 'sugar pot',
      purpose: 'With a lid that has a notch for the spoon. Holds half a pound.',
      weightGrams: 340,
      sizeMm: [110, 110, 120],
    },
    {
      name: 'butter dish',
      purpose: 'Keeps a pound of butter cool and the cat out. The lid sits in a groove.',
      weightGrams: 560,
      sizeMm: [190, 120, 90],
    },
    {
      name: 'vase',
      purpose: 'Narrow at the neck, so that three stems look like a bouquet. Weighted at the foot.',
      weightGrams: 880,
      sizeMm: [140, 140, 280],
    },
  ],
  makings: [
    {
      name: 'Cobalt-blue',
      material: 'Stoneware',
      origin: 'Safi',
      story: 'Painted freehand with a brush of donkey hair; the potter turns, the painter does not.',
      care: 'Dishwasher safe. Warm it slowly.',
    },
    {
      name: 'Fez-green',
      material: 'Earthenware',
      origin: 'Fez',
      story: 'The green comes from copper in the glaze, and pools where the fire wanted it.',
      care: 'Hand wash; not for the microwave.',
    },
    {
      name: 'Tulip-painted',
      material: 'Quartz ceramic',
      origin: 'Iznik',
      story:
        'Tulips, carnations and a red that stands up from the surface, after pieces of the sixteenth century.',
      care: 'Hand wash with a soft sponge.',
    },
    {
      name: 'Honey-glazed',
      material: 'Earthenware',
      origin: 'Ouezzane',
      story: 'Dipped once, fired with olive wood, and never the same brown twice.',
      care: 'Soak in water before first use.',
    },
    {
      name: 'Black-and-white',
      material: 'Stoneware',
      origin: 'Tamegroute',
      story: 'Bands of manganese on white slip, drawn with a steady hand on a turning wheel.',
      care: 'Dishwasher safe.',
    },
    {
      name: 'Unglazed',
      material: 'Terracotta',
      origin: 'Nabeul',
      story: 'Bare clay outside, sealed inside; it darkens where hands hold it.',
      care: 'Brush clean; a little olive oil outside once a year.',
    },
  ],
};
