/**
 * Three subgraphs in one process, a port each: `rooms.ts REDIS ORDERS PRODUCTS ACCOUNTS`. Orders tells of its events over
 * `graphql-transport-ws` out of memory, the others answer for entities; an answer's bytes lie ready once they were asked for.
 */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { type OrderEvent, REDIS_OPTIONS, readAll, seqOf } from './stream.ts';

type Resolvers = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers'];

const BACKLOG = 4_096;
const [redisUrl, ...ports] = process.argv.slice(2);

/** Events in order: the one numbered n is at n - 1. */
const memory: OrderEvent[] = [];
const waiting = new Set<() => void>();

async function* eventsAfter(after: string | undefined): AsyncGenerator<{ orderMoved: object }> {
  // A process that has just started may not have read so far yet.
  let at = after === undefined ? memory.length : seqOf(after);
  for (;;) {
    for (; at < memory.length; at++)
      yield { orderMoved: { ...memory[at]!, order: orderOf(memory[at]!.seq) } };
    await new Promise<void>((wake) => waiting.add(wake));
  }
}

function orderOf(seq: number) {
  const items = [1, 2, 3].map((quantity) => ({ quantity, product: { id: `p${(seq + quantity) % 40}` } }));
  return { id: `o${seq % 100}`, status: 'PAID', total: 42.5, items, customer: { id: `u${seq % 40}` } };
}

const rooms: Record<string, Resolvers> = {
  orders: {
    Query: { order: (_: unknown, { id }: { id: string }) => ({ ...orderOf(1), id }) },
    Order: { __resolveReference: ({ id }: { id: string }) => ({ ...orderOf(1), id }) },
    Subscription: {
      orderMoved: {
        subscribe: (_: unknown, { after }: { after?: string }) => eventsAfter(after ?? undefined),
      },
    },
  },
  products: {
    Product: {
      __resolveReference: ({ id }: { id: string }) => ({
        id,
        name: `Rug, kilim, number ${id}`,
        price: 129.9,
      }),
    },
  },
  accounts: {
    User: {
      __resolveReference: ({ id }: { id: string }) => ({
        id,
        name: `Samira ${id}`,
        email: `${id}@example.com`,
      }),
    },
  },
};

for (const [at, [name, resolvers]] of Object.entries(rooms).entries()) {
  const typeDefs = readFileSync(fileURLToPath(new URL(`schemas/${name}.graphql`, import.meta.url)), 'utf8');
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers });
  const answers = new Map<string, Buffer>();
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    let answer = answers.get(body);
    if (!answer) {
      const { query, variables } = JSON.parse(body);
      answer = Buffer.from(
        JSON.stringify(await graphql({ schema, source: query, variableValues: variables })),
      );
      answers.set(body, answer);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
  server.keepAliveTimeout = 0;
  useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
  await new Promise<void>((done) =>
    server.listen({ port: Number(ports[at]), host: '127.0.0.1', backlog: BACKLOG }, done),
  );
}

const redis = new Redis(redisUrl!, REDIS_OPTIONS);
// It connects again by itself.
redis.on('error', () => {});
process.stdout.write('ready rooms\n');
for await (const event of readAll(redis)) {
  memory.push(event);
  const woken = [...waiting];
  waiting.clear();
  for (const wake of woken) wake();
}
