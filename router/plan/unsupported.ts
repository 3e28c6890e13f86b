/** Tells what of a plan only another executor could run. */
export class UnsupportedPlan extends Error {
  override name = 'UnsupportedPlan';
}
