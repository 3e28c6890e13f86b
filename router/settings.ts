/** What an operator may set for `npm run router`. */
import {
  host,
  integer,
  logLevel,
  oneOf,
  onOrOff,
  port,
  serviceSettings,
  viewerKeys,
} from '@souk/kit/settings/kinds';
import { parseSettings } from '@souk/kit/settings/settings';
import { z } from 'zod';
import { DEFAULTS } from './create.ts';
import { FAULT_SETTINGS } from './execute/settings.ts';
import { HTTP_SETTINGS, httpFaults } from './http/settings.ts';
import { COST_DEFAULTS } from './operation/charge.ts';
import { pathTargets } from './paths/targets.ts';
import { GUARD_SETTINGS, guardFaults } from './policy/settings.ts';
import { SOCKET_SETTINGS } from './sockets/settings.ts';

const FLAGS = { supergraph: 'ROUTER_SUPERGRAPH', port: 'PORT', host: 'HOST' } as const;

const headerNames = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
  .refine(
    (names) => names.every((name) => /^[a-z0-9-]+$/.test(name)),
    'must be names of headers with commas between them',
  )
  .refine(
    (names) => !names.some((name) => OURS_ALONE.includes(name)),
    'must not name a header that the router itself sets',
  );

/** A client that could set these would speak in the router's name. */
const OURS_ALONE = [
  'souk-viewer',
  'content-type',
  'content-length',
  'host',
  'connection',
  'transfer-encoding',
  // Anyone can write them; who is asking, and from where, stands in the viewer header.
  'x-forwarded-for',
  'forwarded',
];

const subgraphUrls = (...schemes: readonly [string, ...string[]]) =>
  z.string().transform((text, context) => {
    const urls: Record<string, string> = {};
    for (const pair of text.split(',')) {
      const [name, address] = [
        pair.slice(0, pair.indexOf('=')).trim(),
        pair.slice(pair.indexOf('=') + 1).trim(),
      ];
      const isOneOfThem = schemes.some((scheme) => address.startsWith(`${scheme}://`));
      if (name === '' || !pair.includes('=') || !isOneOfThem || !URL.canParse(address)) {
        const message = `must be name=${schemes[0]}://… pairs with commas between them`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }
      urls[name] = address;
    }
    return urls;
  });

const MEGABYTE = 1_048_576;

export const ROUTER_SETTINGS = {
  HOST: host.default('127.0.0.1'),
  PORT: port.default(4000),
  SOUK_METRICS_PORT: port.optional(),
  SOUK_LOG_LEVEL: logLevel.default('info'),
  SOUK_VIEWER_KEY: viewerKeys.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: serviceSettings.OTEL_EXPORTER_OTLP_ENDPOINT,
  ROUTER_SUPERGRAPH: z.string(),
  ROUTER_SUBGRAPH_URLS: subgraphUrls('http', 'https').optional(),
  ROUTER_SUBGRAPH_WS_URLS: subgraphUrls('ws', 'wss').optional(),
  ROUTER_PATHS: pathTargets.optional(),
  ROUTER_SUBGRAPH_TIMEOUT_MS: integer(10, 600_000).default(DEFAULTS.subgraphTimeoutMs),
  ...FAULT_SETTINGS,
  ROUTER_SUBGRAPH_ANSWER_MB: integer(1, 1_024).default(DEFAULTS.maxAnswerBytes / MEGABYTE),
  ROUTER_SUBGRAPH_CONNECTIONS: integer(1, 10_000).default(DEFAULTS.connections),
  ROUTER_SUBGRAPH_ERRORS: oneOf('masked', 'open').default('masked'),
  ROUTER_FORWARD_HEADERS: headerNames.optional(),
  ...GUARD_SETTINGS,
  ROUTER_UNAUTHORIZED: oneOf('null', 'refuse').default('null'),
  ROUTER_EXPLORER: onOrOff.default(true),
  ROUTER_DEVELOPMENT: onOrOff.default(false),
  ROUTER_MAX_TOKENS: integer(10, 1_000_000).default(DEFAULTS.limits.maxTokens),
  ROUTER_MAX_DEPTH: integer(1, 1_000).default(DEFAULTS.limits.maxDepth),
  ROUTER_MAX_HEIGHT: integer(1, 1_000_000).default(DEFAULTS.limits.maxHeight),
  ROUTER_MAX_ALIASES: integer(0, 1_000_000).default(DEFAULTS.limits.maxAliases),
  ROUTER_MAX_ROOT_FIELDS: integer(1, 1_000_000).default(DEFAULTS.limits.maxRootFields),
  ROUTER_MAX_DIRECTIVES: integer(0, 1_000_000).default(DEFAULTS.limits.maxDirectives),
  ROUTER_MAX_COST: integer(1, 1_000_000_000).default(COST_DEFAULTS.maxCost),
  ROUTER_COST_LIST_SIZE: integer(1, 1_000_000).default(COST_DEFAULTS.listSize),
  ...HTTP_SETTINGS,
  ...SOCKET_SETTINGS,
  ROUTER_PLANNER: oneOf('auto', 'apollo').default('auto'),
  ROUTER_DOCUMENTS_KEPT: integer(1, 1_000_000).default(DEFAULTS.documentCapacity),
};

export { RATE_SETTINGS } from './policy/settings.ts';

export type RouterSettings = z.output<z.ZodObject<typeof ROUTER_SETTINGS>>;

export const USAGE = `npm run router -- --supergraph FILE [options]

Serves a federated supergraph at /graphql. Subgraphs are reached by the URLs in the file, which is watched.

  --supergraph FILE   the composed SDL        (ROUTER_SUPERGRAPH)
  --port PORT         0 takes any free port   (PORT, default 4000)
  --host HOST         address to listen on    (HOST, default 127.0.0.1)
  --help              prints this

Settings of the environment:
${Object.keys(ROUTER_SETTINGS)
  .filter((name) => name.startsWith('ROUTER_') || name.startsWith('SOUK_'))
  .map((name) => `  ${name}`)
  .join('\n')}
`;

/** `alsoKnown` are settings of others that share the environment. */
export function parseRouterSettings(
  args: readonly string[],
  env: Record<string, string | undefined>,
  alsoKnown: readonly string[] = [],
): RouterSettings {
  const known = [...Object.keys(ROUTER_SETTINGS), ...alsoKnown];
  const check = () => [
    ...Object.keys(env)
      .filter((name) => name.startsWith('ROUTER_') && !known.includes(name))
      .map((name) => `${name} is not a setting; run with --help to see those there are`),
    ...httpFaults(env),
    ...guardFaults(env),
  ];
  return parseSettings({ shape: ROUTER_SETTINGS, env, args, flags: FLAGS, alsoKnown, check });
}
