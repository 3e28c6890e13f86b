/** Random conversations, held with the stand-in and with the real server that POSTGRES_URL names: both answer alike. */
import { expect, test } from '@jest/globals';
import { converse, randomConversations } from './tests/conversations.ts';
import { openClient } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';

const server = withServer();
const real = process.env.POSTGRES_URL;
const CONVERSATIONS = process.env.SOUK_LONG_TESTS ? 300 : 40;

(real ? test : test.skip)('random conversations are answered as the real server answers them', async () => {
  const next = randomConversations(20, 'shared');
  const urls = [server.url, real as string];
  for (const url of urls) {
    const client = await openClient(url);
    await client.query('DROP TABLE IF EXISTS refereed; CREATE TABLE refereed (i int)');
    client.socket.destroy();
  }
  for (let i = 0; i < CONVERSATIONS; i++) {
    const messages = next();
    const [ours, theirs] = await Promise.all(
      urls.map(async (url) => converse(await openClient(url), messages)),
    );
    expect({ conversation: i, answers: ours }).toEqual({ conversation: i, answers: theirs });
  }
});
