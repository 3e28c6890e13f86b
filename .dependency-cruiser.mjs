/** Imports point down; nothing imports in a circle. Each rule says what to do instead. */

/** A layer may import those after it, never those before it. */
function layersOf(name, folder, layers) {
  return layers.slice(1).map((layer, index) => ({
    name: `${name}-imports-point-down`,
    comment: `${folder}/${layer} lies below ${layers.slice(0, index + 1).join(', ')}: move what both need down, or pass it in.`,
    severity: 'error',
    from: { path: `^${folder}/(${layer})`, pathNot: TESTS },
    to: { path: `^${folder}/(${layers.slice(0, index + 1).join('|')})` },
  }));
}

const embedded = 'packages/embedded';
/** Tests start whole servers, wherever they stand. */
const TESTS = '(\\.test\\.ts$|/tests/|/referee/|/conformance/)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or share a third one below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'rooms-stand-on-kit',
      comment:
        'packages/kit/room/ is the roof: it puts the other folders together, and none of them needs it.',
      severity: 'error',
      from: { path: '^packages/kit/', pathNot: '^packages/kit/(room|tests)/|\\.test\\.ts$' },
      to: { path: '^packages/kit/room/' },
    },
    {
      name: 'watching-needs-nothing',
      comment:
        'packages/kit/observe/ is the ground floor: everything may write a log, so it needs no other folder.',
      severity: 'error',
      from: { path: '^packages/kit/observe/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/kit/(?!observe/|node_modules/)' },
    },
    {
      name: 'servers-do-not-meet',
      comment: 'Each protocol stands alone; what two of them need belongs in files/ or net/.',
      severity: 'error',
      from: { path: `^${embedded}/(postgres|mongodb|redis)/` },
      to: { path: `^${embedded}/(postgres|mongodb|redis)/`, pathNot: `^${embedded}/$1/` },
    },
    {
      name: 'packages-know-no-room',
      comment: 'packages/ lies below subgraphs/ and router/ and knows nothing of commerce.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(subgraphs|router|bench|tests)/' },
    },
    {
      name: 'router-knows-no-room',
      comment: 'router/ serves any supergraph: what it needs to know of one, the SDL or an option tells it.',
      severity: 'error',
      from: { path: '^router/' },
      to: { path: '^(subgraphs|schema|demo|bench|tests)/' },
    },
    {
      name: 'shipped-code-needs-no-dev-dependency',
      comment: 'Move the package to "dependencies" of the package.json beside it.',
      severity: 'error',
      from: {
        path: '^(packages|router|subgraphs/[^/]+)/',
        pathNot: `(${TESTS}|^router/explorer/(page/|bundle))`,
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'rooms-do-not-meet',
      comment:
        'A room knows others by entity key and by event alone (their events.ts); what several need belongs in packages/kit.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^subgraphs/[^/]+/', pathNot: '^subgraphs/($1/|[^/]+/events\\.ts$)' },
    },
    {
      name: 'events-stand-alone',
      comment: 'Other rooms read this file and must not get the room with it.',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/events\\.ts$' },
      to: { pathNot: '^(packages/kit/|node_modules/zod/)' },
    },
    {
      name: 'rooms-know-no-house',
      comment: 'A room runs wherever it is put: it imports neither the router nor what starts it.',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/', pathNot: TESTS },
      to: { path: '^(router|start|demo|tests|bench)/' },
    },
    {
      name: 'rules-know-no-graphql',
      comment: 'domain/ and store/ answer plain data; resolvers/ shapes it for GraphQL.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/(domain|store)/', pathNot: TESTS },
      to: { path: '^(subgraphs/$1/(resolvers/|loaders|context|index|main)|node_modules/(graphql|@apollo)/)' },
    },
    {
      name: 'stores-know-no-rules',
      comment: 'store/ lies below domain/: move the type down, or pass the decision in.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/store/', pathNot: TESTS },
      to: { path: '^subgraphs/$1/domain/' },
    },
    ...layersOf('embedded', embedded, [
      'main',
      'start',
      'thread',
      'postgres/|mongodb/|redis/',
      'files/|net/|server\\.ts',
    ]),
    ...layersOf('schema-review', 'packages/schema-review', [
      'main\\.ts',
      'cli/',
      'outputs/|doc/',
      'review\\.ts',
      'rules/|variants/|auth/|changes/',
      'snapshot\\.ts|sides\\.ts|prepare/',
      'repository\\.ts|repository/|sources/|source\\.ts|settings\\.ts|finding\\.ts|codes',
    ]),
    ...layersOf('router', 'router', [
      'main',
      'settings',
      'create',
      'http/(handler|graphql)',
      'metrics|serving',
      'operation/|explorer/|execute/',
      'supergraph/load',
    ]),
    ...layersOf('mongodb', `${embedded}/mongodb`, [
      'server\\.ts',
      'wire/',
      'commands/',
      'storage/|update/',
      'aggregate/',
      'query/',
      'expressions/',
      'values/',
      'errors',
    ]),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    exclude: { path: '/dist/' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      conditionNames: ['souk-src', 'node', 'import', 'types', 'default'],
      exportsFields: ['exports'],
    },
  },
};
