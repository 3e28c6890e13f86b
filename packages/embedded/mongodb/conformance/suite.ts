/** The files of MongoDB's unified test format, and which of their tests apply to this server. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { EJSON } from 'bson';

export interface Operation {
  name: string;
  object: string;
  arguments?: Record<string, unknown>;
  expectResult?: unknown;
  expectError?: ExpectedError;
  saveResultAsEntity?: string;
  ignoreResultAndError?: boolean;
}

export interface ExpectedError {
  isError?: boolean;
  isClientError?: boolean;
  errorContains?: string;
  errorCode?: number;
  errorCodeName?: string;
  errorResponse?: Record<string, unknown>;
  expectResult?: unknown;
}

export interface CollectionData {
  databaseName: string;
  collectionName: string;
  documents: Record<string, unknown>[];
}

export interface ExpectedEvents {
  client: string;
  events: Record<string, Record<string, unknown>>[];
}

interface RunOn {
  minServerVersion?: string;
  maxServerVersion?: string;
  topologies?: string[];
  auth?: boolean;
}

interface TestDefinition {
  description: string;
  runOnRequirements?: RunOn[];
  operations: Operation[];
  expectEvents?: ExpectedEvents[];
  outcome?: CollectionData[];
}

export type EntityDefinition = Record<string, Record<string, unknown>>;

interface TestFile {
  runOnRequirements?: RunOn[];
  createEntities?: EntityDefinition[];
  initialData?: CollectionData[];
  tests: TestDefinition[];
}

export interface TestCase extends TestDefinition {
  /** Path of the file within the suite. */
  file: string;
  entities: EntityDefinition[];
  initialData: CollectionData[];
}

const SERVER_VERSION = [7, 0, 0];
const TOPOLOGY = 'single';

/** Beside the repository, from whose root the tests are run. */
export const SUITE_FOLDER = resolve('../shared/conformance/mongodb-crud');

export const isSuiteThere = existsSync(SUITE_FOLDER);

export function loadSuite(): { all: TestCase[]; applicable: TestCase[] } {
  const all: TestCase[] = [];
  const applicable: TestCase[] = [];
  for (const path of jsonFiles(SUITE_FOLDER)) {
    const file = EJSON.parse(readFileSync(path, 'utf8')) as TestFile;
    for (const test of file.tests) {
      const testCase = {
        ...test,
        file: relative(SUITE_FOLDER, path),
        entities: file.createEntities ?? [],
        initialData: file.initialData ?? [],
      };
      all.push(testCase);
      if (applies(file.runOnRequirements) && applies(test.runOnRequirements) && !usesFailPoint(test)) {
        applicable.push(testCase);
      }
    }
  }
  return { all, applicable };
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return jsonFiles(path);
      return entry.name.endsWith('.json') ? [path] : [];
    })
    .sort();
}

function applies(requirements: RunOn[] | undefined): boolean {
  return !requirements || requirements.some(isMet);
}

function isMet({ minServerVersion, maxServerVersion, topologies, auth }: RunOn): boolean {
  if (minServerVersion && compareVersions(SERVER_VERSION, parseVersion(minServerVersion)) < 0) return false;
  if (maxServerVersion && compareVersions(SERVER_VERSION, parseVersion(maxServerVersion)) > 0) return false;
  if (topologies && !topologies.includes(TOPOLOGY)) return false;
  return auth !== true;
}

const parseVersion = (version: string) => version.split('.').map(Number);

function compareVersions(a: number[], b: number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function usesFailPoint({ operations }: TestDefinition): boolean {
  return operations.some(({ name }) => name === 'failPoint');
}
