/** The demo shop for rooms that are started: loads it, and tells how that goes. */
import { untilHeard } from '../demo/heard.ts';
import { type DemoStores, isDemoLoaded, type LoadOutcome, loadDemo } from '../demo/load.ts';
import type { DemoProduct } from '../demo/products.ts';
import { createProgress, type Output } from '../demo/progress.ts';
import type { StartedRoom } from './rooms.ts';
import { loadedText } from './words.ts';

/** `products`: some of them only, for tests that are not about the size of the shop. */
export async function loadDemoInto(
  started: readonly StartedRoom[],
  output: Output,
  products?: readonly DemoProduct[],
): Promise<LoadOutcome> {
  const began = performance.now();
  const stores = storesOf(started);
  const outcome = await loadDemo(stores, {
    progress: createProgress(output),
    onStart: () => output.write('Loading the demo shop\n'),
    products,
  });
  if (outcome === 'loaded') await untilHeard(stores);
  output.write(loadedText(outcome, (performance.now() - began) / 1000));
  return outcome;
}

/** Its passwords are public, so whoever starts without it should know that they still open something. */
export function holdsDemo(started: readonly StartedRoom[]): Promise<boolean> {
  return isDemoLoaded(storesOf(started));
}

/** Each room's stores are what its own seed asks for; the registry holds them without their types. */
function storesOf(started: readonly StartedRoom[]): DemoStores {
  const stores = Object.fromEntries(started.map(({ room, running }) => [room.name, running.stores]));
  return stores as unknown as DemoStores;
}
