/**
 * Node's environment for a suite, in a worker that stays as fast as it began: what suites leave running is switched off,
 * or the hundredth would take thrice the time of the first. And what they all load is compiled once.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import vm, { type CompileFunctionOptions } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const running = new Set<AsyncLocalStorage<unknown>>();
const scripts = new Map<string, { source: string; script: vm.Script }>();
const { compileFunction } = vm;

noteWhoeverRuns();
vm.compileFunction = compileOnce as typeof compileFunction;

export default class SuiteEnvironment extends TestEnvironment {
  override async teardown(): Promise<void> {
    for (const storage of running) storage.disable();
    running.clear();
    await super.teardown();
  }
}

/**
 * Before Node 24, each AsyncLocalStorage that has run is asked at every promise of the process until it is disabled, and
 * jest-circus alone leaves one behind in every suite.
 */
function noteWhoeverRuns(): void {
  const { run, enterWith } = AsyncLocalStorage.prototype;
  AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: unknown[]) {
    running.add(this);
    return Reflect.apply(run, this, args);
  };
  AsyncLocalStorage.prototype.enterWith = function (this: AsyncLocalStorage<unknown>, store: unknown) {
    running.add(this);
    Reflect.apply(enterWith, this, [store]);
  };
}

/** jest compiles each module anew for each suite. A script that is kept has its code compiled for all contexts that run it. */
function compileOnce(source: string, params: readonly string[] = [], options: CompileFunctionOptions = {}) {
  const { filename, parsingContext } = options;
  if (!filename || !parsingContext) return compileFunction(source, params, options);
  let known = scripts.get(filename);
  if (known?.source !== source) {
    const head = `(function (${params.join(', ')}) {`;
    const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
    known = { source, script };
    scripts.set(filename, known);
  }
  return known.script.runInContext(parsingContext);
}
