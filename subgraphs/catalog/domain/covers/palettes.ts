/** The colours of covers: a few for each region that goods come from, as its tiles, cloths and earth have them. */

export interface Palette {
  ground: string;
  /** From the one that covers most to the one that only glints. */
  colours: readonly [string, string, string, string];
  line: string;
}

const FEZ: Palette = {
  ground: '#f4ecdc',
  colours: ['#1f4e79', '#2f7d6d', '#d9a441', '#a3402d'],
  line: '#fbf7ee',
};
const MARRAKESH: Palette = {
  ground: '#f6e3cf',
  colours: ['#b5482f', '#e0a458', '#6b2d2a', '#2f6f73'],
  line: '#fff6ea',
};
const ATLAS: Palette = {
  ground: '#efe6d6',
  colours: ['#6a5a3f', '#a8763e', '#3f5a45', '#c9a66b'],
  line: '#faf5ea',
};
const ISTANBUL: Palette = {
  ground: '#eef3f4',
  colours: ['#16577e', '#2aa5a0', '#c23b3b', '#123a5a'],
  line: '#ffffff',
};
const ANATOLIA: Palette = {
  ground: '#f5eadb',
  colours: ['#8c2f39', '#1f5673', '#d98e32', '#4a3b35'],
  line: '#fdf6ec',
};
const LEVANT: Palette = {
  ground: '#f3efe2',
  colours: ['#5c6f3a', '#9aa65a', '#3b4a3f', '#c8a24a'],
  line: '#fcfaf2',
};
const DAMASCUS: Palette = {
  ground: '#f2e9df',
  colours: ['#4b2e39', '#8a4b5c', '#c49a6c', '#2c4a52'],
  line: '#fbf4ec',
};
const NILE: Palette = {
  ground: '#f7eed9',
  colours: ['#0f6b6b', '#d7a13b', '#7a2e1f', '#1d3f57'],
  line: '#fffaf0',
};
const PERSIA: Palette = {
  ground: '#f1ece4',
  colours: ['#1d3c78', '#3f88c5', '#e0b04c', '#8f2d56'],
  line: '#fbf8f2',
};
const TUNIS: Palette = {
  ground: '#f4f4ef',
  colours: ['#1c6ea4', '#6fb1d6', '#e3b23c', '#14405e'],
  line: '#ffffff',
};
const ARABIA: Palette = {
  ground: '#f3e7d3',
  colours: ['#7b4b2a', '#c27d38', '#3d2b1f', '#8d9440'],
  line: '#fcf5e9',
};

const OF_ORIGIN: ReadonlyMap<string, Palette> = new Map(
  (
    [
      [FEZ, 'Fez', 'Safi', 'Tangier', 'Essaouira', 'Ouezzane'],
      [MARRAKESH, 'Marrakesh', 'Agadir', 'Kelaat M’Gouna', 'Taznakht', 'Rissani', 'Jaipur', 'Bagru'],
      [ATLAS, 'Azrou', 'High Atlas', 'Middle Atlas', 'Moulouya', 'Rif', 'Boujad', 'Osh'],
      [ISTANBUL, 'Istanbul', 'Iznik', 'Samarkand'],
      [ANATOLIA, 'Konya', 'Rize', 'La Vera'],
      [LEVANT, 'Aleppo', 'Nablus', 'Galilee', 'Bethlehem', 'Tamegroute', 'Inle'],
      [DAMASCUS, 'Damascus', 'Hebron'],
      [NILE, 'Cairo', 'Alexandria', 'Fayoum', 'Siwa', 'Al-Qaramus'],
      [TUNIS, 'Tunis', 'Nabeul', 'Hoi An'],
      [ARABIA, 'Sana’a', 'Haraz', 'Antsirabe', 'Khulna'],
    ] as const
  ).flatMap(([palette, ...origins]) => origins.map((origin) => [origin, palette] as const)),
);

const OTHERS: readonly Palette[] = [
  FEZ,
  MARRAKESH,
  ATLAS,
  ISTANBUL,
  ANATOLIA,
  LEVANT,
  DAMASCUS,
  NILE,
  PERSIA,
  TUNIS,
  ARABIA,
];

/** A place without colours of its own always borrows the same ones. */
export function paletteOf(origin: string, hash: number): Palette {
  return OF_ORIGIN.get(origin) ?? OTHERS[hash % OTHERS.length]!;
}
