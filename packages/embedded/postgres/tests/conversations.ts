/** Random conversations with a server, and what has to be the same whenever one is held again. */
import { frame } from '../wire/messages.ts';
import { errorFields, type Message, type RawClient, say } from './raw-client.ts';

const sql = (text: string) => say.query(text);

/** A simple query inside an unfinished group of messages ends differently in Postgres 15 and 18: a Sync goes first. */
const afterSync = (text: string): Buffer => Buffer.concat([say.sync(), sql(text)]);

const simple = [
  'SELECT 1',
  'SELECT 1; SELECT NULL; SELECT 2',
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
  'COPY (SELECT 1) TO STDOUT',
].map(afterSync);
/** These see what other connections do, or are seen by them. */
const shared = [
  'SELECT 1; INSERT INTO refereed VALUES (1); SELECT 2',
  'LISTEN refereed',
  "NOTIFY refereed, 'x'",
  'UNLISTEN *',
].map(afterSync);
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
  say.parse('', 'SELECT $1::int, current_setting($$DateStyle$$)'),
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

/** Its last answer tells that all others have come. */
const END = "SELECT 'the end'";

export async function converse(client: RawClient, messages: readonly Buffer[]): Promise<string[]> {
  for (const [i, message] of messages.entries()) {
    client.send(message);
    // In several pieces, so that some come while others are answered.
    if (i % 4 === 3) await new Promise((resolve) => setImmediate(resolve));
  }
  client.send(say.sync(), sql('ROLLBACK'), sql(END));
  const answers: string[] = [];
  for (;;) {
    const message = await client.next();
    answers.push(essence(message));
    if (message.type === 'D' && message.body.includes('the end')) break;
  }
  client.socket.destroy();
  return answers;
}

/** The same ones for the same seed. `own`: nothing that other connections could notice. */
export function randomConversations(seed: number, kind: 'own' | 'shared'): () => Buffer[] {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item;
  const others = kind === 'shared' ? [...shared, ...shared] : [];
  return () =>
    Array.from({ length: 3 + random(25) }, () =>
      pick([...simple, ...others, ...extended, ...extended, kind === 'shared' ? pick(copies) : say.sync()]),
    );
}
