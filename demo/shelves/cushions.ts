import type { Shelf } from './shelf.ts';

export const cushions: Shelf = {
  slug: 'cushions',
  name: 'Cushions and throws',
  parent: 'house',
  description: 'What turns a bench into a place to stay.',
  brands: ['Tribe & Loom', 'Sabra', 'Haik'],
  choice: { name: 'Colour', values: ['Sand', 'Terracotta', 'Indigo'] },
  weightFactors: [1, 1, 1],
  things: [
    {
      name: 'cushion cover',
      purpose: 'Fits a pad of 45 by 45 cm. The zip hides in the seam.',
      weightGrams: 260,
      sizeMm: [450, 300, 20],
    },
    {
      name: 'floor cushion',
      purpose: 'A seat for one on the floor, firm enough for an evening. Filled with wool, not foam.',
      weightGrams: 2800,
      sizeMm: [650, 650, 180],
    },
    {
      name: 'bolster',
      purpose: 'For the small of the back, or for a cat. The ends are drawn up with a covered button.',
      weightGrams: 1100,
      sizeMm: [600, 200, 200],
    },
    {
      name: 'throw',
      purpose: 'Big enough for two on a sofa. Fringes are knotted by hand.',
      weightGrams: 980,
      sizeMm: [400, 300, 80],
    },
    {
      name: 'pouf',
      purpose: 'Stool, table, footrest. Sent flat; fill it with what you have: blankets do very well.',
      weightGrams: 1500,
      sizeMm: [500, 400, 80],
    },
    {
      name: 'bed cover',
      purpose: 'Covers a double bed to the floor. Light in summer, and a second layer in winter.',
      weightGrams: 1900,
      sizeMm: [500, 400, 100],
    },
    {
      name: 'bench pad',
      purpose: 'Makes a hall bench a place to sit while lacing shoes. Ties hold it at the corners.',
      weightGrams: 1400,
      sizeMm: [1100, 380, 60],
    },
    {
      name: 'baby blanket',
      purpose:
        'Small, soft, and it washes at sixty degrees because it must. Edges are rolled and sewn twice.',
      weightGrams: 420,
      sizeMm: [300, 250, 50],
    },
    {
      name: 'table runner',
      purpose: 'Runs down the middle of a table for six. It is long enough to hang over at both ends.',
      weightGrams: 310,
      sizeMm: [400, 250, 20],
    },
    {
      name: 'curtain panel',
      purpose: 'One panel for a window of ordinary height. Loops are wide enough for any rod.',
      weightGrams: 760,
      sizeMm: [400, 300, 50],
    },
  ],
  makings: [
    {
      name: 'Cactus-silk',
      material: 'Agave fibre',
      origin: 'Marrakesh',
      story: 'Spun from the agave plant; it has a shine that cotton lacks and a weight that silk lacks.',
      care: 'Dry clean, or hand wash cold and dry flat.',
    },
    {
      name: 'Block-printed',
      material: 'Cotton',
      origin: 'Jaipur',
      story:
        'Printed with carved teak blocks, one for each colour; where two prints meet, you can see the hand.',
      care: 'Machine wash at thirty degrees.',
    },
    {
      name: 'Handwoven linen',
      material: 'Linen',
      origin: 'Rize',
      story: 'Woven narrow and sewn wide. It gets softer with every wash for the first ten years.',
      care: 'Wash at forty degrees; iron it damp or not at all.',
    },
    {
      name: 'Embroidered',
      material: 'Cotton',
      origin: 'Bethlehem',
      story: 'Cross-stitch in silk thread; the cypress and the star are patterns of the villages around.',
      care: 'Wash by hand, inside out.',
    },
    {
      name: 'Felted wool',
      material: 'Wool',
      origin: 'Osh',
      story: 'Wool, water, soap and rolling, for two days. No thread holds it together.',
      care: 'Air it; spot clean with cold water.',
    },
    {
      name: 'Tasselled',
      material: 'Cotton',
      origin: 'Essaouira',
      story:
        'Woven in the blue and white of the harbour and finished with tassels tied from the ends of its own threads.',
      care: 'Machine wash in a bag at thirty degrees.',
    },
  ],
};
