/** Connections at work at the same time are each answered as if they were alone. */
import { expect, test } from '@jest/globals';
import { converse, randomConversations } from './tests/conversations.ts';
import { openClient } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';

const server = withServer();
const ROUNDS = process.env.SOUK_LONG_TESTS ? 20 : 4;
const AT_ONCE = 8;

test('random conversations of eight at once are answered as they are one by one', async () => {
  const next = randomConversations(5, 'own');
  const hold = async (messages: Buffer[]) => converse(await openClient(server.url), messages);
  for (let round = 0; round < ROUNDS; round++) {
    const conversations = Array.from({ length: AT_ONCE }, next);
    const alone: string[][] = [];
    for (const messages of conversations) alone.push(await hold(messages));
    const together = await Promise.all(conversations.map(hold));
    expect({ round, answers: together }).toEqual({ round, answers: alone });
  }
  expect(server.warnings).toEqual([]);
});
