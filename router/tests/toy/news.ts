/** A subgraph that tells news as they come, to everybody or to one viewer, and remembers them for who was away. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { VIEWER_HEADER } from '@souk/kit/auth/viewer';
import { type Handler, jsonResponse } from '@souk/kit/http/handler';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import { type ExecutionResult, GraphQLError, graphql, parse, subscribe, validate } from 'graphql';
import { composeOnce } from './compose.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: ["@key", "@tag", "@authenticated", "@requiresScopes", "@cost"])
  type Query {
    hello(name: String = "you"): String
    whoami: String @authenticated
    slow: String
    dear: String @cost(weight: 20000)
    story(id: ID!): Story
  }
  type Mutation { say(text: String!): String }
  type Subscription {
    published(after: String): News @tag(name: "shared")
    noted(after: String): News
  }
  type News {
    cursor: String!
    text: String!
    viewer: String
    secret: String @requiresScopes(scopes: [["read:secret"]])
    mine: String @authenticated
    story: Story
  }
  type Story @key(fields: "id") { id: ID! }
`;
const TITLES = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { titles: Int }
  type Story @key(fields: "id") { id: ID! title: String }
`;

interface Told {
  cursor: string;
  text: string;
}

export interface News {
  supergraph: string;
  handlers: Record<string, Handler>;
  subscribeHandlers: Record<string, SubscribeHandler>;
  /** Answers with its cursor. */
  publish(text: string): string;
  /** Subscriptions that run now. */
  upstreams(): number;
  /** Who asked for each subscription, in order: as the signed header tells. */
  askedBy: (string | undefined)[];
  said: string[];
  /** Lets `slow` be answered. */
  release(): void;
  /** Cursors before this one are refused. */
  forgetBefore(cursor: string): void;
}

export function createNews(): News {
  const log: Told[] = [];
  const listeners = new Set<() => void>();
  const askedBy: (string | undefined)[] = [];
  const said: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let oldest = 0;
  let running = 0;

  const follow = ({ after }: { after?: string }): AsyncIterableIterator<Told> => {
    let at = after === undefined ? log.length : Number(after.slice(1));
    if (at < oldest) {
      throw new GraphQLError('Too old', {
        extensions: { code: 'RESUME_EXPIRED', oldest: `c${oldest}` },
      });
    }
    let isOver = false;
    let wake = () => {};
    const listener = () => wake();
    listeners.add(listener);
    running++;
    const end = async () => {
      if (!isOver) running--;
      isOver = true;
      listeners.delete(listener);
      wake();
      return { done: true as const, value: undefined };
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => {
        while (!isOver && at >= log.length) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        return isOver ? { done: true, value: undefined } : { done: false, value: log[at++]! };
      },
      return: end,
      throw: end,
    };
  };

  const nameOf = (headers: Record<string, string | undefined>): string | undefined => {
    const signed = headers[VIEWER_HEADER];
    if (signed === undefined) return undefined;
    const viewer = JSON.parse(Buffer.from(signed.split('.')[0]!, 'base64url').toString());
    return viewer.userId ?? viewer.apiKeyId;
  };

  const story = (text: string) => ({ id: text });
  const resolvers: Record<string, object> = {
    Query: {
      hello: (_: unknown, { name }: { name: string }) => `Hello, ${name}`,
      whoami: (_: unknown, __: unknown, viewer: string | undefined) => viewer,
      slow: async () => released.then(() => 'at last'),
      story: (_: unknown, { id }: { id: string }) => story(id),
    },
    Mutation: {
      say: (_: unknown, { text }: { text: string }) => {
        said.push(text);
        return text;
      },
    },
    Subscription: {
      published: { subscribe: (_: unknown, args: object) => follow(args), resolve: (told: Told) => told },
      noted: { subscribe: (_: unknown, args: object) => follow(args), resolve: (told: Told) => told },
    },
    News: {
      viewer: (_: unknown, __: unknown, viewer: string | undefined) => viewer,
      secret: () => 'the secret',
      mine: (_: unknown, __: unknown, viewer: string | undefined) => viewer,
      story: ({ text }: Told) => story(text.slice(0, 20)),
    },
  };
  const schema = buildSubgraphSchema([
    { typeDefs: parse(SDL), resolvers: resolvers as GraphQLResolverMap<unknown> },
  ]);
  const titles = buildSubgraphSchema([
    {
      typeDefs: parse(TITLES),
      resolvers: { Story: { __resolveReference: ({ id }: { id: string }) => ({ id, title: `On ${id}` }) } },
    },
  ]);

  const serve =
    (of: typeof schema): Handler =>
    async ({ body, headers }) => {
      const { query, variables } = JSON.parse(body.toString());
      const contextValue = nameOf(headers);
      return jsonResponse(
        200,
        await graphql({ schema: of, source: query, variableValues: variables, contextValue }),
      );
    };

  const subscribeHandler: SubscribeHandler = async ({ query, variables, headers }) => {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { ok: false, errors: errors.map((error) => error.toJSON()) };
    const contextValue = nameOf(headers);
    const answered = await subscribe({
      schema,
      document,
      variableValues: variables ?? {},
      contextValue,
    });
    if (!(Symbol.asyncIterator in answered)) {
      return { ok: false, errors: (answered.errors ?? []).map((error) => error.toJSON()) };
    }
    askedBy.push(contextValue);
    return { ok: true, events: asText(answered as AsyncIterableIterator<ExecutionResult>) };
  };

  return {
    supergraph: composeOnce({ news: SDL, titles: TITLES }),
    handlers: { news: serve(schema), titles: serve(titles) },
    subscribeHandlers: { news: subscribeHandler },
    publish: (text) => {
      const cursor = `c${log.length + 1}`;
      log.push({ cursor, text });
      for (const listener of listeners) listener();
      return cursor;
    },
    upstreams: () => running,
    askedBy,
    said,
    release: () => release(),
    forgetBefore: (cursor) => {
      oldest = Number(cursor.slice(1));
    },
  };
}

function asText(events: AsyncIterableIterator<ExecutionResult>): AsyncIterableIterator<string> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      const { done, value } = await events.next();
      return done ? { done, value: undefined } : { done: false, value: JSON.stringify(value) };
    },
    return: async () => {
      await events.return?.();
      return { done: true, value: undefined };
    },
  };
}
