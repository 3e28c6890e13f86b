/** A client of the API: what a storefront sends, over HTTP. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../start/root.ts';

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface Client {
  ask(query: string, variables?: object): Promise<Reply>;
  /** From then on everything is asked by them. */
  signIn(email: string, password: string): Promise<void>;
  /** Of whoever has signed in, as a header has it. */
  authorization(): string | undefined;
}

const SIGN_OUT = 'mutation { sessionRevokeAll(input: { keepCurrent: false }) { userErrors { code } } }';

/** Resolves with how many milliseconds an access token still held after its owner had signed out everywhere. */
export async function signOutEverywhere(url: string, email: string, password: string): Promise<number> {
  const client = createClient(url);
  await client.signIn(email, password);
  const { data } = await client.ask(SIGN_OUT);
  if (data.sessionRevokeAll?.userErrors.length !== 0) throw new Error(`no sign-out: ${JSON.stringify(data)}`);
  const began = performance.now();
  for (;;) {
    const { status, errors } = await client.ask('{ viewer { id } }');
    const passed = performance.now() - began;
    if (status === 401 && errors[0]?.extensions.reason === 'revoked') return passed;
    if (passed > 10_000) throw new Error(`the token still holds after 10 s: ${status}`);
  }
}

export const operation = (client: string, name: string) =>
  readFileSync(join(ROOT, `schema/operations/${client}/${name}.graphql`), 'utf8');

/** Texts by id, as they are deployed with the client. */
export const registered = (client: string) =>
  JSON.parse(
    readFileSync(join(ROOT, `schema/generated/${client}/persisted-documents.json`), 'utf8'),
  ) as Record<string, string>;

export function createClient(url: string): Client {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const ask = async (query: string, variables: object = {}): Promise<Reply> => {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [] } = (await response.json()) as Partial<Reply>;
    return { status: response.status, data, errors };
  };
  return {
    ask,
    signIn: async (email, password) => {
      const { data } = await ask(operation('storefront', 'session-create'), { input: { email, password } });
      const { tokens, userErrors } = data.sessionCreate;
      if (!tokens) throw new Error(`${email} cannot sign in: ${JSON.stringify(userErrors)}`);
      headers.authorization = `Bearer ${tokens.accessToken}`;
    },
    authorization: () => headers.authorization,
  };
}
