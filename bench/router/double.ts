/**
 * Subgraphs that answer fast and always the same, one port each: `double.ts FILE` reads a shape and prints their URLs.
 * An answer is computed by GraphQL over the subgraph's schema when it is first asked for; from then on its bytes lie
 * ready, so that what is measured is the router.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  graphql,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  parse,
} from 'graphql';
import { hash } from '../../router/tests/differential/world/chance.ts';
import type { Shape } from './shapes.ts';

interface Thing {
  __typename: string;
  /** What it is known by. */
  self?: string;
  id?: string;
  /** How many items of it were asked for. */
  size?: number;
}

/** Some pages of a storefront ask for 50, and get what there is. */
const LONGEST_LIST = 6;
const SENTENCES =
  'Woven by hand in the Middle Atlas, of wool that was washed, carded and spun there. '.repeat(4);

const shape = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Shape;

const resolve: GraphQLFieldResolver<Thing | undefined, unknown> = (parent, args, _, info) => {
  const { fieldName, returnType, schema } = info;
  if (parent && Object.hasOwn(parent, fieldName)) return parent[fieldName as keyof Thing];
  const self = parent?.self ?? parent?.id ?? '';
  return answerFor(returnType, `${self}.${fieldName}`, fieldName);

  function answerFor(given: GraphQLOutputType, place: string, name: string): unknown {
    const type = getNullableType(given) as GraphQLOutputType;
    if (isListType(type)) {
      const length = parent?.size ?? (typeof args.first === 'number' ? args.first : shape.listLength);
      return Array.from({ length: Math.min(length, LONGEST_LIST) }, (_, at) =>
        answerFor(type.ofType, `${place}[${at}]`, name),
      );
    }
    if (isEnumType(type)) return type.getValues()[hash(place) % type.getValues().length]!.name;
    const object = isAbstractType(type) ? schema.getPossibleTypes(type)[0]! : type;
    if (!isObjectType(object)) return leafOf(object.name, place, name);
    const isEntity = object.astNode?.directives?.some((directive) => directive.name.value === 'key');
    const size = typeof args.first === 'number' ? { size: args.first } : {};
    if (!isEntity) return { __typename: object.name, self: place, ...size };
    return { __typename: object.name, id: `${object.name}-${1 + (hash(place) % shape.entities)}` };
  }
};

function leafOf(type: string, place: string, name: string): unknown {
  const number = hash(place);
  if (type === 'Int') return number % 1_000;
  if (type === 'Float') return (number % 500) / 100;
  if (type === 'Boolean') return number % 2 === 0;
  if (type === 'DateTime') return '2026-03-04T05:06:07.000Z';
  if (type === 'URL') return `https://images.example/${number}.webp`;
  const said = `${name} ${number % 10_000}`;
  return name === 'body' ? `${SENTENCES.slice(0, shape.bodyLength)} ${said}` : said;
}

/** Bodies are the router's own, of which there are few; a router that sent ever new ones would fill the memory. */
const MOST_ANSWERS = 1_000;

function listener(schema: GraphQLSchema) {
  const answers = new Map<string, Buffer>();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    let answer = answers.get(body);
    if (!answer) {
      if (answers.size >= MOST_ANSWERS) answers.clear();
      const { query, variables, operationName } = JSON.parse(body);
      const result = await graphql({
        schema,
        source: query,
        variableValues: variables ?? {},
        operationName: operationName ?? null,
        fieldResolver: resolve,
        typeResolver: (value) => (value as Thing).__typename,
      });
      answer = Buffer.from(JSON.stringify(result));
      answers.set(body, answer);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  };
}

const urls: Record<string, string> = {};
for (const [name, sdl] of Object.entries(shape.subgraphs)) {
  const server = createServer(listener(buildSubgraphSchema({ typeDefs: parse(sdl) })));
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
process.stdout.write(`ready ${JSON.stringify(urls)}\n`);
