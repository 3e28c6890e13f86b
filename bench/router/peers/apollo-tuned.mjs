// The same, with what can be had without touching its executor: undici to the subgraphs in place of node-fetch, node:http
// to the clients in place of Express, no plugins, no CSRF check: `apollo-tuned.mjs SUPERGRAPH`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Agent, fetch } from 'undici';

const dispatcher = new Agent({ connections: 64 });
const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(process.argv[2], 'utf8'),
  buildService: ({ url }) =>
    new RemoteGraphQLDataSource({ url, fetcher: (to, init) => fetch(to, { ...init, dispatcher }) }),
});
const server = new ApolloServer({
  gateway,
  csrfPrevention: false,
  introspection: false,
  plugins: [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ],
});
await server.start();
const http = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = JSON.parse(Buffer.concat(chunks).toString());
  const answer = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method, headers, search: '', body },
    context: async () => ({}),
  });
  response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
  response.end(answer.body.string);
});
http.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${http.address().port}/graphql`));
