/** A new supergraph takes over while requests run; none is lost, and a bad one changes nothing. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jsonResponse } from '@souk/kit/http/handler';
import { type Log, silentLog } from '@souk/kit/observe/log';
import { createRouter, type Router } from '../create.ts';
import { watchFile } from '../supergraph/watch.ts';
import { post } from './toy/ask.ts';
import { composeLibrary, createLibrary, handlersOf, type Library } from './toy/library.ts';
import { schemas } from './toy/schemas.ts';

const first = composeLibrary();
const second = composeLibrary({
  sdl: {
    people: schemas.people.replace('name: String!\n    email', 'name: String!\n    age: Int\n    email'),
  },
});

const CHANGES = process.env.SOUK_LONG_TESTS ? 10 : 4;

let folder: string;
let file: string;
let library: Library;
let router: Router;
let logged: string[];
let heard: ((message: string) => void)[];

const log = {
  ...silentLog,
  debug: () => {},
  info: (...args: unknown[]) => hear(args),
  warn: (...args: unknown[]) => hear(args),
  error: (...args: unknown[]) => hear(args),
} as Log;

function hear(args: unknown[]): void {
  const message = String(args.at(-1));
  logged.push(message);
  for (const listener of heard) listener(message);
}

/** Settles when something is logged that begins so. */
function logs(start: string): Promise<void> {
  return new Promise((resolve) => heard.push((message) => message.startsWith(start) && resolve()));
}

/** As deploy tools do it: whole, by another name, then in one step. */
async function replaceFile(sdl: string): Promise<void> {
  await writeFile(`${file}.new`, sdl);
  await rename(`${file}.new`, file);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-router-'));
  file = join(folder, 'supergraph.graphql');
  await writeFile(file, first);
  [library, logged, heard] = [createLibrary(), [], []];
  router = await createRouter({ supergraph: { file }, handlers: handlersOf(library), log });
});
afterEach(async () => {
  await router.stop();
  await rm(folder, { recursive: true });
});

describe('a changed file', () => {
  test('takes over by itself', async () => {
    expect((await post(router.handler, '{ me { age } }')).errors[0]!.message).toContain(
      'Cannot query field "age"',
    );
    const taken = logs('A new supergraph is served');
    await replaceFile(second);
    await taken;
    expect(
      (await post(router.handler, '{ me { name } __type(name: "Person") { fields { name } } }')).text,
    ).toContain('"age"');
  });

  test('is found by looking where the file system tells nothing', async () => {
    const elsewhere = join(folder, 'elsewhere.graphql');
    await writeFile(elsewhere, second);
    let onChange = (_: string) => {};
    const changed = new Promise<string>((resolve) => {
      onChange = resolve;
    });
    const watch = watchFile({ file: elsewhere, content: first, pollMs: 20, log: silentLog, onChange });
    expect(await changed).toBe(second);
    watch.stop();
  });

  test('that is no supergraph is refused, told, and the one before serves on', async () => {
    const refused = logs('The new supergraph is refused');
    await replaceFile(second.slice(0, 500));
    await refused;
    expect((await post(router.handler, '{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
    const taken = logs('A new supergraph is served');
    await replaceFile(second);
    await taken;
    const metrics = await router.metrics.registry.metrics();
    expect(metrics).toMatch(/souk_router_supergraphs_total{outcome="refused",service="router"} 1/);
    expect(metrics).toMatch(/souk_router_supergraphs_total{outcome="served",service="router"} 2/);
  });

  test('that goes away is told once, and the one before serves on', async () => {
    const gone = logs('The supergraph file cannot be read');
    await rm(file);
    await gone;
    expect((await post(router.handler, '{ me { name } }')).status).toBe(200);
  });

  test('with the same content changes nothing', () => {
    const { id } = router.supergraph();
    router.replaceSupergraph(first);
    expect(router.supergraph().id).toBe(id);
    expect(logged).not.toContain('A new supergraph is served');
  });
});

describe('requests that run while the supergraph changes', () => {
  test('end on the one they began on', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    library.people.respond = async () => {
      await held;
      return jsonResponse(200, { data: { me: { name: 'Ada' } } });
    };
    const asked = post(router.handler, '{ me { name } }');
    router.replaceSupergraph(second);
    release();
    expect(await asked).toMatchObject({ status: 200, data: { me: { name: 'Ada' } } });
  });

  test('are all answered, whole, over many changes under load', async () => {
    let running = true;
    let [answered, wrong] = [0, 0];
    const client = async () => {
      while (running) {
        const told = await post(router.handler, '{ books { title author { name } ratings { stars } } }');
        answered++;
        if (told.status !== 200 || told.errors.length > 0 || !told.text.includes('"stars":4')) wrong++;
        // Let the other clients, and the changes, have their turn.
        await new Promise(setImmediate);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (let change = 0; change < CHANGES; change++) {
      router.replaceSupergraph(change % 2 === 0 ? second : first);
      if (change % 3 === 0) expect(() => router.replaceSupergraph('type Query')).toThrow('not valid');
      // The next change comes when every client has had some answers on this one.
      const enough = answered + 3 * clients.length;
      while (answered < enough) await new Promise(setImmediate);
    }
    running = false;
    await Promise.all(clients);
    expect(wrong).toBe(0);
    expect(answered).toBeGreaterThanOrEqual(CHANGES * 24);
  });
});

describe('a supergraph whose subgraphs cannot be reached by what it says', () => {
  const without = (url: string) => composeLibrary({ urls: { people: url } });

  test.each(['', 'people:4001', 'ftp://people/graphql'])('is refused at the start: "%s"', async (url) => {
    const { people: _, ...others } = handlersOf(library);
    const starting = createRouter({ supergraph: { sdl: without(url) }, handlers: others, log: silentLog });
    await expect(starting).rejects.toThrow(/no http:\/\/ or https:\/\/ URL for "people"/);
  });

  test('is served once they have other URLs', async () => {
    const { people: _, ...others } = handlersOf(library);
    const options = {
      subgraphUrls: { people: 'http://127.0.0.1:1/graphql' },
      handlers: others,
      log: silentLog,
    };
    const other = await createRouter({ supergraph: { sdl: without('') }, ...options });
    expect(other.supergraph().subgraphs).toContain('people');
    await other.stop();
  });
});

test('a file that is not there ends the start with its name', async () => {
  await expect(createRouter({ supergraph: { file: '/nowhere/s.graphql' }, log })).rejects.toThrow(
    'the supergraph file /nowhere/s.graphql cannot be read',
  );
});
