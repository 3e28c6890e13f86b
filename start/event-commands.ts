/** What operators can do about events: `npm run events -- …`. The process and its settings are events.ts' business. */
import { setTimeout as passes } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type DeadLetter, orderLetter, readLetters } from '@souk/kit/events/dead-letters';
import { readerKeys } from '@souk/kit/events/event-keys';
import { readLag } from '@souk/kit/events/event-lag';
import type { Redis } from 'ioredis';
import { ago, table } from './table.ts';

export const USAGE = `npm run events -- <command> [--json]

  lag                      how far the events of each subgraph have come
  list                     events that could not be handled, and those that wait behind one
  show <event>             one of them, with its reason and all that is in it
  replay <event> | --all   tries it again, and then what waits behind it, in order
  discard <event>          gives it up; what waits behind it goes on

  --group <subgraph>       only what this subgraph could not handle
  --json                   for programs

REDIS_URL says where the events are. Ends with 0 when it is done, 1 when it could not be, 2 when the command was wrong.
`;

export interface Surroundings {
  redis: Redis;
  subgraphs: readonly string[];
  /** Columns of the terminal. */
  width: number;
  /** How long an order may take before the command gives up on seeing what became of it. */
  waitMs?: number;
}

export interface Ending {
  status: 0 | 1 | 2;
  text: string;
}

interface Given {
  ids: string[];
  group: string | undefined;
  json: boolean;
  all: boolean;
}

const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;

const wrong = (what: string): Ending => ({ status: 2, text: `${what}\n\n${USAGE}` });
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export async function runEventCommand(args: readonly string[], around: Surroundings): Promise<Ending> {
  const [name = '', ...rest] = args;
  const command = COMMANDS[name];
  if (!command) return wrong(name === '' ? 'Which command?' : `There is no command "${name}".`);
  let given: Given;
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { group: { type: 'string' }, json: { type: 'boolean' }, all: { type: 'boolean' } },
      allowPositionals: true,
    });
    given = { ids: positionals, group: values.group, json: values.json ?? false, all: values.all ?? false };
  } catch (error) {
    // It names the flag that is not known, or lacks its value.
    return wrong((error as Error).message);
  }
  return command(given, around);
}

const COMMANDS: Record<string, (given: Given, around: Surroundings) => Promise<Ending>> = {
  lag,
  list,
  show,
  replay: (given, around) => order('replay', given, around),
  discard: (given, around) =>
    given.all
      ? Promise.resolve(wrong('Events are discarded one by one: say which.'))
      : order('discard', given, around),
};

async function lag({ json: asJson }: Given, { redis, subgraphs, width }: Surroundings): Promise<Ending> {
  const lags = await Promise.all(subgraphs.map((subgraph) => readLag(redis, subgraph)));
  if (asJson) return { status: 0, text: json(lags) };
  const relays = lags.map(({ subgraph, relay, kept }) => [
    subgraph,
    relay ? String(relay.waiting) : '?',
    relay?.oldest ? ago(relay.oldest) : '-',
    relay ? `${ago(relay.at)} ago` : 'not for a day',
    String(kept),
  ]);
  const readers = lags.flatMap(({ subgraph, groups }) =>
    groups.map(({ group, unread, atHand, deadLetters, reader }) => [
      subgraph,
      group,
      unread === undefined ? '?' : String(unread),
      String(atHand),
      String(deadLetters),
      reader ?? 'nobody',
    ]),
  );
  const text = [
    table(['TOLD BY', 'IN OUTBOX', 'OLDEST', 'RELAY SEEN', 'IN STREAM'], relays, width),
    table(['TOLD BY', 'HEARD BY', 'UNREAD', 'AT HAND', 'DEAD', 'READER'], readers, width),
  ];
  return { status: 0, text: text.join('\n') };
}

async function list(given: Given, around: Surroundings): Promise<Ending> {
  const letters = await lettersOf(around, given.group);
  if (given.json) return { status: 0, text: json(letters) };
  if (letters.length === 0) return { status: 0, text: 'There are no dead letters.\n' };
  const rows = letters.map(({ id, event, group, aggregateId, attempts, buriedAt, reason }) => [
    id,
    event?.type ?? '?',
    aggregateId || '?',
    group,
    String(attempts),
    ago(buriedAt),
    oneLine(reason),
  ]);
  const headings = ['EVENT', 'TYPE', 'OF', 'HEARD BY', 'TRIES', 'SINCE', 'REASON'];
  return { status: 0, text: table(headings, rows, around.width) };
}

async function show(given: Given, around: Surroundings): Promise<Ending> {
  const [id] = given.ids;
  if (id === undefined) return wrong('Say which event.');
  const letters = (await lettersOf(around, given.group)).filter((letter) => letter.id === id);
  if (letters.length === 0) return notThere(id);
  if (given.json) return { status: 0, text: json(letters) };
  return { status: 0, text: letters.map(described).join('\n') };
}

function described(letter: DeadLetter): string {
  const { id, event, subgraph, group, entry, buriedAt, triedAt, attempts, reason, text } = letter;
  const lines = [
    `${id}  ${event?.type ?? 'no event can be read from it'}`,
    `  told by    ${subgraph}, entry ${entry} of souk:${subgraph}`,
    `  heard by   ${group}`,
    `  since      ${buriedAt.toISOString()} (${ago(buriedAt)} ago)`,
    `  tried      ${attempts} times, last ${triedAt.toISOString()}`,
    `  reason     ${oneLine(reason)}`,
    `  event      ${event ? JSON.stringify(event, null, 2).replaceAll('\n', '\n             ') : text}`,
  ];
  return `${lines.join('\n')}\n`;
}

async function order(act: 'replay' | 'discard', given: Given, around: Surroundings): Promise<Ending> {
  const { ids, group, all } = given;
  if (all === ids.length > 0) return wrong(all ? 'Either an event or --all.' : 'Say which event.');
  const known = await lettersOf(around, group);
  const missing = ids.find((id) => !known.some((letter) => letter.id === id));
  if (missing !== undefined) return notThere(missing);
  const meant = all ? firstOfEach(known) : known.filter(({ id }) => ids.includes(id));
  if (meant.length === 0) return { status: 0, text: 'There are no dead letters.\n' };
  for (const letter of meant) await orderLetter(around.redis, letter, { act, letter: letter.id });
  const outcomes = await Promise.all(meant.map((letter) => outcomeOf(act, letter, around)));
  const status = outcomes.every(({ done }) => done) ? 0 : 1;
  if (given.json) return { status, text: json(outcomes) };
  return { status, text: outcomes.map(({ id, said }) => `${id}  ${said}\n`).join('') };
}

interface Outcome {
  id: string;
  group: string;
  done: boolean;
  said: string;
}

/** The reader of the group does it; this waits and sees. */
async function outcomeOf(
  act: 'replay' | 'discard',
  letter: DeadLetter,
  around: Surroundings,
): Promise<Outcome> {
  const { redis, waitMs = WAIT_MS } = around;
  const { id, subgraph, group, aggregateId } = letter;
  const answer = (done: boolean, said: string): Outcome => ({ id, group, done, said });
  const deadline = Date.now() + waitMs;
  for (;;) {
    const left = await readLetters(
      redis,
      subgraph,
      (other) => other.group === group && other.aggregateId === aggregateId,
    );
    const same = left.find((other) => other.place === letter.place);
    if (!same) return answer(true, act === 'replay' ? `was applied by ${group}` : 'is discarded');
    const [first] = left;
    if (
      first &&
      first.attempts > 0 &&
      first.triedAt > letter.triedAt &&
      first.triedAt.getTime() > deadline - waitMs
    ) {
      return answer(
        false,
        `${first.id === id ? 'failed' : `waits: ${first.id} failed`} again: ${oneLine(first.reason)}`,
      );
    }
    if (Date.now() > deadline) break;
    await passes(LOOK_EVERY_MS);
  }
  const reader = await redis.get(readerKeys(subgraph, group).reader);
  if (reader) return answer(false, `is not done after ${waitMs / 1000} s; ${group} goes on with it`);
  return answer(false, `will be done when ${group} runs: nobody reads for it now`);
}

/** Whatever is replayed takes along what waits behind it. */
function firstOfEach(letters: readonly DeadLetter[]): DeadLetter[] {
  const seen = new Set<string>();
  return letters.filter(({ subgraph, group, aggregateId, place }) => {
    const key = `${subgraph} ${group} ${aggregateId || place}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function lettersOf(
  { redis, subgraphs }: Surroundings,
  group: string | undefined,
): Promise<DeadLetter[]> {
  const wanted = (letter: { group: string }) => group === undefined || letter.group === group;
  return (await Promise.all(subgraphs.map((subgraph) => readLetters(redis, subgraph, wanted)))).flat();
}

function notThere(id: string): Ending {
  return {
    status: 1,
    text: `There is no dead letter ${id}; npm run events -- list shows those there are.\n`,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '; ');
}
