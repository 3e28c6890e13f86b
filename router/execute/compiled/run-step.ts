/** Runs one step: gathers what is asked for, asks, merges what came, tells what went wrong. */
import type { Reply, SendToSubgraph, SubgraphClient } from '../ask-subgraph.ts';
import type { AnswerError, Caller } from '../executor.ts';
import { toBytes, wireJson } from '../wire-text.ts';
import { AskedOnce } from './asked-once.ts';
import { type AskedObjects, checkPath, entityErrors, rootErrors, rootOf, walk } from './errors.ts';
import { copyRow, isNone, mergeRow, shareBelow } from './merge.ts';
import { rowOf } from './parsed.ts';
import { type DataReader, readReply } from './reply.ts';
import type { Request } from './request.ts';
import { type Scanner, STRANGE } from './scan.ts';
import type { Position, ReadyEntityStep, ReadyPart, ReadyRootStep, ReadyStep } from './steps.ts';
import { type Row, TEXT, TYPENAME } from './values.ts';

/** One request of a client on its way. */
export interface Run {
  root: Row;
  /** Rows of the places that fetches ask for more of. */
  lists: Row[][];
  errors: AnswerError[];
  /** Whether every scalar that came has its type. */
  isSound: boolean;
  variables: Record<string, unknown>;
  caller: Caller;
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  /** Of a subscription: what came. */
  event: Reply | undefined;
  /** For faults of the executor itself. */
  internalError(error: unknown): AnswerError;
}

export function runStep(run: Run, step: ReadyStep): Promise<void> {
  return step.kind === 'root' ? runRoot(run, step) : runEntities(run, step);
}

async function runRoot(run: Run, step: ReadyRootStep): Promise<void> {
  const { path, place, shape } = step;
  const targets: Row[] = [];
  if (!run.isSound) checkPath(run.root, rootOf(place), path);
  if (path.length === 0) targets.push(run.root);
  else walk(run.root, rootOf(place), path, (row) => targets.push(row));
  if (targets.length === 0) return;
  const reply = step.isSubscription ? run.event! : await askRoot(run, step);
  if (!reply.body) {
    run.errors.push(...rootErrors(reply.errors, path));
    return;
  }
  const { data, errors, isSound } = readReply(reply, {
    scan: (scanner) => scanner.object(shape),
    parse: (parsed) => {
      const { row, isSound } = rowOf(parsed, shape);
      return { data: row, isSound };
    },
  });
  run.errors.push(...rootErrors(errors, path));
  if (!isSound) run.isSound = false;
  if (!data) return;
  for (const target of targets) {
    mergeRow(target, targets.length > 1 ? copyRow(data) : data);
    step.enlist?.(target, run.lists);
  }
}

function askRoot(run: Run, { subgraph, request, isMutation }: ReadyRootStep): ReturnType<SendToSubgraph> {
  const body = toBytes(`${request.before}${variablesOf(request, run)}${request.after}`);
  return run.subgraphs.get(subgraph)!.send({ body, operation: request.text, isMutation }, run.caller);
}

/** What of a part is asked for. */
interface Asked {
  part: ReadyPart;
  /** Wire text of the representations. */
  text: string;
  count: number;
  /** In the order of the part's positions. */
  objects: readonly AskedObjects[];
}

/** What came for one: nothing, or no object at all. */
type Entity = Row | typeof NO_OBJECT | null | undefined;
const NO_OBJECT = 'no object';
/** Of an entity whose rows below are in the answer already. It is not rendered itself. */
const MERGED = 'merged';
/** For each position of a part its entities; those that it did not ask for are left out. */
type Entities = Entity[][];

async function runEntities(run: Run, step: ReadyEntityStep): Promise<void> {
  const asked = step.parts.map((part) => gather(run, part));
  if (asked.every(({ count }) => count === 0)) return;
  const { request } = step;
  const representations = asked.map(({ part, text }) => `${part.opening}${text}]`).join(',');
  const variables = variablesOf(request, run);
  const body = toBytes(
    `${request.before}${representations}${variables === '' ? '' : ','}${variables}${request.after}`,
  );
  const entities = new Map(asked.map(({ part, count }) => [part.alias, count]));
  const reply = await run.subgraphs
    .get(step.subgraph)!
    .send({ body, operation: request.text, isMutation: false, entities }, run.caller);
  if (!reply.body) {
    tellErrors(run, asked, reply.errors);
    return;
  }
  const { data, errors, isSound } = readReply(reply, entitiesReader(asked));
  const alone = data === undefined ? step.alone() : [];
  if (alone.length > 0) {
    await Promise.all(alone.map((one) => runEntities(run, one)));
    return;
  }
  tellErrors(run, asked, errors);
  if (!isSound) run.isSound = false;
  if (!data) return;
  asked.forEach(({ part, objects }, index) => {
    const ofPart = data[index]!;
    part.positions.forEach((position, at) => {
      try {
        mergeEntities(run, position, objects[at]!, ofPart[at]!);
      } catch (error) {
        // Data that cannot be merged: what other places got of the same answer stands.
        run.errors.push(run.internalError(error));
      }
    });
  });
}

function gather(run: Run, part: ReadyPart): Asked {
  const all = new AskedOnce();
  const objects = part.positions.map(({ path, place, represent, isConditional }): AskedObjects => {
    if (!run.isSound) checkPath(run.root, rootOf(place), path);
    const rows: Row[] = [];
    const indexes: number[] = [];
    for (const row of isConditional ? rowsAt(run, place, path) : run.lists[place.list!]!) {
      const index = represent(row, all);
      if (index === undefined) continue;
      rows.push(row);
      indexes.push(index);
    }
    return { path, place, rows, indexes };
  });
  return { part, text: all.text(), count: all.count, objects };
}

function rowsAt(run: Run, place: Position['place'], path: Position['path']): Iterable<Row> {
  const rows = new Set<Row>();
  walk(run.root, rootOf(place), path, (row) => rows.add(row));
  return rows;
}

function entitiesReader(asked: readonly Asked[]): DataReader<Entities[]> {
  const partOf = new Map(asked.map((one, index) => [one.part.alias, { one, index }]));
  const isWanted = ({ objects, count }: Asked) =>
    objects.length === 1 ? undefined : objects.map(({ indexes }) => flags(indexes, count));
  return {
    scan: (scanner) => {
      const data: Entities[] = asked.map(() => []);
      scanMembers(scanner, (key) => {
        const found = partOf.get(key);
        if (!found) scanner.skip();
        else data[found.index] = scanEntities(scanner, found.one, isWanted(found.one));
      });
      if (data.some((ofPart) => ofPart.length === 0)) throw STRANGE;
      return data;
    },
    parse: (parsed) => {
      let isSound = true;
      const data = asked.map((one) => {
        const wanted = isWanted(one);
        const list = (parsed[one.part.alias] ?? []) as unknown[];
        return one.part.positions.map(({ shape }, at) =>
          list.map((entity, index) => {
            if (!entity || (wanted && !wanted[at]![index])) return null;
            if (typeof entity !== 'object') return NO_OBJECT;
            const read = rowOf(entity as Record<string, unknown>, shape);
            isSound &&= read.isSound;
            return read.row;
          }),
        );
      });
      return { data, isSound };
    },
  };
}

/** 1 at each of the indexes. */
function flags(indexes: readonly number[], count: number): Uint8Array {
  const wanted = new Uint8Array(count);
  for (const index of indexes) wanted[index] = 1;
  return wanted;
}

const [COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE, LETTER_N] = [44, 91, 93, 123, 125, 110];

function scanMembers(scanner: Scanner, member: (key: string) => void): void {
  const { text } = scanner;
  scanner.at++;
  for (;;) {
    member(scanner.key());
    const code = text.charCodeAt(scanner.at++);
    if (code === CLOSE) return;
    if (code !== COMMA) throw STRANGE;
  }
}

function scanEntities(
  scanner: Scanner,
  { part, count }: Asked,
  wanted: readonly Uint8Array[] | undefined,
): Entities {
  const { text } = scanner;
  const { positions } = part;
  const entities: Entities = positions.map(() => []);
  if (text.charCodeAt(scanner.at++) !== OPEN_LIST) throw STRANGE;
  if (count === 0 && text.charCodeAt(scanner.at) === CLOSE_LIST) {
    scanner.at++;
    return entities;
  }
  for (let index = 0; ; index++) {
    if (index >= count) throw STRANGE;
    const start = scanner.at;
    if (text.charCodeAt(start) === LETTER_N) {
      scanner.skip();
    } else if (text.charCodeAt(start) === OPEN) {
      // Once for each position that asked for it: places differ, and so do the slots of their rows.
      for (let at = 0; at < positions.length; at++) {
        if (wanted && !wanted[at]![index]) continue;
        scanner.at = start;
        entities[at]![index] = scanner.object(positions[at]!.shape);
      }
    } else throw STRANGE;
    const code = text.charCodeAt(scanner.at++);
    if (code === CLOSE_LIST) {
      if (index !== count - 1) throw STRANGE;
      return entities;
    }
    if (code !== COMMA) throw STRANGE;
  }
}

function mergeEntities(
  run: Run,
  { enlist, copies }: Position,
  { rows, indexes }: AskedObjects,
  entities: readonly Entity[],
): void {
  for (let at = 0; at < rows.length; at++) {
    const entity = entities[indexes[at]!];
    if (!entity) continue;
    if (entity === NO_OBJECT) throw new TypeError('An entity is no object');
    const row = rows[at]!;
    // One that says no type has the type that it was asked for as.
    if (isNone(entity[TYPENAME])) entity[TYPENAME] = row[TYPENAME];
    mergeRow(row, copies ? copyRow(entity) : entity);
    if (copies) enlist?.(row, run.lists);
    else if (entity[TEXT] === MERGED) shareBelow(entity);
    else entity[TEXT] = MERGED;
  }
  if (copies || !enlist) return;
  for (const entity of entities) if (entity && entity !== NO_OBJECT) enlist(entity, run.lists);
}

function tellErrors(run: Run, asked: readonly Asked[], errors: readonly AnswerError[]): void {
  if (errors.length === 0) return;
  for (const one of asked) {
    const own = errors.filter(({ path }) => !path?.length || partOf(asked, path[0]) === one);
    run.errors.push(
      ...entityErrors(
        own,
        one.objects.filter(({ rows }) => rows.length > 0),
        run.root,
      ),
    );
  }
}

function partOf(asked: readonly Asked[], key: string | number | undefined): Asked {
  return asked.find(({ part }) => part.alias === key) ?? asked[0]!;
}

function variablesOf({ variables }: Request, run: Run): string {
  const given = variables.filter(
    (name) => Object.hasOwn(run.variables, name) && run.variables[name] !== undefined,
  );
  return given.map((name) => `${wireJson(name)}:${wireJson(run.variables[name])}`).join(',');
}
