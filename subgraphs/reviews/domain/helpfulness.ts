/** Lower end of Wilson's 95 % interval for the part of helpful votes: one vote of one is less sure than 40 of 44. */
const Z = 1.96;

export function helpfulScore(helpful: number, unhelpful: number): number {
  const votes = helpful + unhelpful;
  if (votes === 0) return 0;
  const share = helpful / votes;
  const spread = Z * Math.sqrt((share * (1 - share) + (Z * Z) / (4 * votes)) / votes);
  const lowerEnd = (share + (Z * Z) / (2 * votes) - spread) / (1 + (Z * Z) / votes);
  // Rounding may push it past its bounds by a hair: at none of 11 it comes out above 0.
  return Math.min(share, Math.max(0, lowerEnd));
}
