/** The registry is the one list of rooms; whatever else names them names the same ones. */
import { describe, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { pathTargets, targetOf } from '../../router/paths/targets.ts';
import { rooms } from '../../subgraphs/registry.ts';
import { fileText, isThere, namesIn, supergraphSdl } from './files.ts';

interface Compose {
  services: Record<
    string,
    {
      command?: string[];
      environment?: Record<string, string>;
      ports?: string[];
      depends_on?: Record<string, unknown>;
    }
  >;
}

const ONE_ROOM = 'start/dist/subgraph.js';
const names = rooms.map(({ name }) => name).sort();
const compose = parseYaml(fileText('docker-compose.yml'), { merge: true }) as Compose;
const supergraph = parseYaml(fileText('supergraph.yaml')) as {
  subgraphs: Record<string, { routing_url: string; schema: { file: string } }>;
};
const dockerfile = fileText('Dockerfile');

/** Of a pattern, what stands before the first part that varies. */
function beginningOf(path: string | RegExp): string {
  return typeof path === 'string' ? path : path.source.replaceAll('\\/', '/').replace(/[([].*$/, '');
}

describe('The registry names the rooms that', () => {
  test('have a folder', () => {
    const folders = namesIn('subgraphs').filter((name) => isThere(`subgraphs/${name}/index.ts`));
    expect(folders.sort()).toEqual(names);
  });

  test('have an SDL file', () => {
    const files = namesIn('schema').filter(
      (file) => file.endsWith('.graphql') && file !== 'supergraph.graphql',
    );
    expect(files.map((file) => file.replace('.graphql', '')).sort()).toEqual(names);
  });

  test('supergraph.yaml composes, each from its SDL file and at a port of its own', () => {
    expect(Object.keys(supergraph.subgraphs).sort()).toEqual(names);
    const ports = Object.entries(supergraph.subgraphs).map(([name, { routing_url: url, schema }]) => {
      expect(schema.file).toBe(`schema/${name}.graphql`);
      return new URL(url).port;
    });
    expect(new Set(ports).size).toBe(names.length);
  });

  test('are in the committed supergraph', () => {
    const graphs = [...supergraphSdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].map(([, name]) => name);
    expect(graphs.sort()).toEqual(names);
  });

  test('docker-compose.yml runs, at the port that the router reaches them at', () => {
    const running = Object.entries(compose.services).filter(([, { command }]) => command?.includes(ONE_ROOM));
    expect(running.map(([name]) => name).sort()).toEqual(names);
    for (const [name, service] of running) {
      const { port } = new URL(supergraph.subgraphs[name]!.routing_url);
      expect(service.command).toEqual(['node', ONE_ROOM, name]);
      expect(service.environment).toMatchObject({ PORT: Number(port) });
      expect(compose.services.router!.environment!.ROUTER_SUBGRAPH_URLS).toContain(
        `${name}=http://${name}:${port}/graphql`,
      );
      expect(Object.keys(compose.services.router!.depends_on!)).toContain(name);
    }
  });

  test('docker-compose.yml lets clients reach by every path that they serve beside GraphQL', () => {
    const targets = pathTargets.parse(compose.services.router!.environment!.ROUTER_PATHS);
    for (const { name, routes } of rooms) {
      const { port } = new URL(supergraph.subgraphs[name]!.routing_url);
      // Only handlers use the stores, and none is called.
      for (const { path } of routes?.({}) ?? []) {
        expect([path, targetOf(targets, beginningOf(path))?.origin]).toEqual([
          path,
          `http://${name}:${port}`,
        ]);
      }
    }
  });

  test('docker-compose.yml gives the stores that they ask for', () => {
    for (const { name, stores } of rooms) {
      const needed = Object.keys(compose.services[name]!.depends_on!);
      expect(needed.sort()).toEqual(expect.arrayContaining([...stores].sort()));
    }
  });

  test('the Dockerfile can install: it copies the manifest of each', () => {
    const manifests = [...dockerfile.matchAll(/^COPY (?:--\S+ )*(\S+package\.json) /gm)].map(
      ([, file]) => file!,
    );
    const copied = manifests.flatMap((file) => /^subgraphs\/([^/]+)\/package\.json$/.exec(file)?.[1] ?? []);
    expect(copied.sort()).toEqual(names);
  });
});
