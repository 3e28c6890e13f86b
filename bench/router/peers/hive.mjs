// Hive gateway's runtime on node:http: `hive.mjs SUPERGRAPH js|native on|off`. The last is its de-duplication of identical
// requests in flight, to subgraphs (on by default) and of clients (off by default).
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const [supergraph, planner, deduplicate] = process.argv.slice(2);
const isOn = deduplicate === 'on';
const gateway = createGatewayRuntime({
  supergraph,
  logging: 'error',
  landingPage: false,
  inboundInflightRequestDeduplication: isOn,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: isOn } } },
  ...(planner === 'native' ? { unifiedGraphHandler } : {}),
});
const http = createServer(gateway);
http.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${http.address().port}/graphql`));
