/** Random conversations, held with the stand-in and with the real server that POSTGRES_URL names: both answer alike. */
import { expect, test } from '@jest/globals';
import { errorFields, type Message, openClient, type RawClient, say } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';
import { frame } from './wire/messages.ts';

const server = withServer();
const real = process.env.POSTGRES_URL;
const CONVERSATIONS = 300;
const SEED = 20;

const sql = (text: string) => say.query(text);
/** A simple query inside an unfinished group of messages ends differently in Postgres 15 and 18: a Sync goes first. */
const simple = [
  'SELECT 1',
  'SELECT 1; INSERT INTO refereed VALUES (1); SELECT 2',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT a',
  'ROLLBACK TO a',
  'SELECT 1/0',
  'SELEC',
  '',
  'PREPARE p AS SELECT 5',
  'EXECUTE p',
  'DEALLOCATE p',
  'DEALLOCATE ALL',
  'DISCARD ALL',
  "SET DateStyle = 'German'",
  'RESET DateStyle',
  "SET LOCAL DateStyle = 'SQL, DMY'",
  'DECLARE c CURSOR FOR SELECT generate_series(1, 3)',
  'FETCH 2 FROM c',
  'CLOSE c',
  'LISTEN refereed',
  "NOTIFY refereed, 'x'",
  'UNLISTEN *',
  'COPY (SELECT 1) TO STDOUT',
].map((text) => Buffer.concat([say.sync(), sql(text)]));
const copies = [
  [say.copyData('1\n'), say.copyDone()],
  [say.copyData('1\n'), say.copyData('2\n'), say.copyDone()],
  [say.copyData('x\n'), say.copyDone()],
  [say.copyData('1\n'), say.copyFail('no more')],
  [say.copyDone()],
].map((data) => Buffer.concat([say.sync(), sql('COPY refereed FROM STDIN'), ...data]));
const extended = [
  say.parse('p', 'SELECT $1::int'),
  say.parse('q', 'SELECT generate_series(1, 4)'),
  say.parse('', 'SELECT $1::text'),
  say.parse('', 'SELECT nothing'),
  say.parse('', 'INSERT INTO refereed VALUES ($1)'),
  say.bind('p', ['7']),
  say.bind('p', ['x']),
  say.bind('q', [], 'portal'),
  say.bind('', ['8']),
  say.bind('nowhere'),
  say.describeStatement('p'),
  say.describeStatement(''),
  say.describePortal(''),
  say.describePortal('portal'),
  say.execute(),
  say.execute(2, 'portal'),
  say.execute(0, 'portal'),
  say.closeStatement('p'),
  frame('C', 'Pportal'),
  say.flush(),
  say.sync(),
  say.sync(),
  say.sync(),
  say.copyData('stray\n'),
];

/** What both have to agree on; texts of positions in the server's own source are not it. */
function essence({ type, body }: Message): string {
  if (type === 'E' || type === 'N') {
    const { S, C, M, P } = errorFields(body);
    return `${type} ${S} ${C} ${M} ${P ?? ''}`;
  }
  if (type === 'A') return `A ${body.toString('latin1', 4)}`;
  // Table and column numbers differ.
  return type === 'T' ? `T ${body.length}` : `${type} ${body.toString('latin1')}`;
}

const END = "SELECT 'the end'";

async function converse(client: RawClient, messages: readonly Buffer[]): Promise<string[]> {
  client.send(...messages, say.sync(), sql('ROLLBACK'), sql(END));
  const answers: string[] = [];
  for (;;) {
    const message = await client.next();
    answers.push(essence(message));
    if (message.type === 'D' && message.body.includes('the end')) break;
  }
  client.socket.destroy();
  return answers;
}

(real ? test : test.skip)(
  'random conversations are answered alike',
  async () => {
    let state = SEED;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item;
    const urls = [server.url, real as string];
    for (const url of urls) {
      const client = await openClient(url);
      await client.query('DROP TABLE IF EXISTS refereed; CREATE TABLE refereed (i int)');
      client.socket.destroy();
    }
    for (let i = 0; i < CONVERSATIONS; i++) {
      const messages = Array.from({ length: 3 + random(25) }, () =>
        pick([...simple, ...extended, ...extended, pick(copies)]),
      );
      const [ours, theirs] = await Promise.all(
        urls.map(async (url) => converse(await openClient(url), messages)),
      );
      expect({ conversation: i, answers: ours }).toEqual({ conversation: i, answers: theirs });
    }
  },
  60_000,
);
