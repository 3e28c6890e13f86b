// Hive gateway's runtime on node:http and ws: `hive.mjs SUPERGRAPH PORT`, as its documentation sets up subscriptions.
import { createServer } from 'node:http';
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const [supergraph, port] = process.argv.slice(2);
const gateway = createGatewayRuntime({
  supergraph,
  logging: 'error',
  landingPage: false,
  transportEntries: {
    '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql' } } },
  },
});
const http = createServer(gateway);
const sockets = new WebSocketServer({ server: http, path: '/graphql' });
useServer(
  getGraphQLWSOptions(gateway, ({ extra }) => ({ req: extra?.request, socket: extra?.socket })),
  sockets,
);
// The schema is made for the first request over HTTP, and sockets do not wait for it.
await gateway.fetch('http://localhost/graphql?query={__typename}');
http.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 }, () =>
  console.log(`ready http://127.0.0.1:${http.address().port}/graphql`),
);
