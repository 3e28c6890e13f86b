/** The demo shop for rooms that are started: loads it, and tells how that goes. */
import { type DemoStores, type LoadOutcome, loadDemo } from '../demo/load.ts';
import { createProgress, type Output } from '../demo/progress.ts';
import type { StartedRoom } from './rooms.ts';
import { loadedText } from './words.ts';

export async function loadDemoInto(started: readonly StartedRoom[], output: Output): Promise<LoadOutcome> {
  // Each room's stores are what its own seed asks for; the registry holds them without their types.
  const stores = Object.fromEntries(started.map(({ room, running }) => [room.name, running.stores]));
  const began = performance.now();
  const outcome = await loadDemo(stores as unknown as DemoStores, {
    progress: createProgress(output),
    onStart: () => output.write('Loading the demo shop\n'),
  });
  output.write(loadedText(outcome, (performance.now() - began) / 1000));
  return outcome;
}
