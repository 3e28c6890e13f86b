/** Runs one sequence of the table against a server. */
import { setTimeout as passes } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { splitInline } from '../protocol/inline.ts';
import { RespClient, type Shown } from './resp-client.ts';
import { type Expected, resolveMatchers, type Sequence, type Step } from './sequence.ts';

/** Which Redis it is, as numbers, so that 7.10 is after 7.2. */
export function isSince(version: string, needed: string | undefined): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = (needed ?? '0').split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

export async function versionOf(url: string): Promise<string> {
  const client = await RespClient.open(url);
  const info = String(await client.call('INFO', 'server'));
  client.close();
  return /redis_version:(\S+)/.exec(info)![1]!;
}

export async function runSequence(
  url: string,
  version: string,
  { steps, protocol }: Sequence,
): Promise<void> {
  const observer = await RespClient.open(url);
  const clients = new Map<string, RespClient>();
  const clientOf = async (name: string) => {
    const client = clients.get(name) ?? (await RespClient.open(url));
    clients.set(name, client);
    return client;
  };
  try {
    await observer.call('FLUSHALL');
    await observer.call('CONFIG', 'SET', 'notify-keyspace-events', '');
    if (protocol === 3) await (await clientOf('a')).call('HELLO', '3');
    for (const step of steps) {
      if ('since' in step && !isSince(version, step.since)) continue;
      await runStep(step, await clientOf(step.on), observer);
    }
  } finally {
    for (const client of clients.values()) client.close();
    observer.close();
  }
}

async function runStep(step: Step, client: RespClient, observer: RespClient): Promise<void> {
  if (step.kind === 'hear') {
    check('what comes next', await client.read(), step.expected);
    return;
  }
  const args = splitInline(Buffer.from(step.command, 'utf8').toString('latin1'))!;
  if (step.kind === 'call') check(step.command, await client.call(...args), step.expected);
  else if (step.kind === 'send') client.send(...args);
  else await sendAndWait(client, args, observer);
}

function check(what: string, reply: Shown, expected: Expected): void {
  expect({ [what]: reply }).toEqual({ [what]: resolveMatchers(expected, reply) });
}

/** Returns once the server has put the client to wait. */
async function sendAndWait(client: RespClient, args: readonly string[], observer: RespClient): Promise<void> {
  const id = await client.call('CLIENT', 'ID');
  client.send(...args);
  for (;;) {
    const line = String(await observer.call('CLIENT', 'LIST', 'ID', String(id)));
    if (/ flags=\S*b/.test(line)) return;
    await passes(1);
  }
}
