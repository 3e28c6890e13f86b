/** For tests of the engine's own code: PGlite is loaded outside of jest's sandbox, where its imports work. */
import { PGlite } from '@electric-sql/pglite';
import { TestEnvironment } from 'jest-environment-node';

export default class EngineEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, { hostPGlite: PGlite });
  }
}
