/** What operators and their tools ask of a running server. */
import { cpus, hostname, totalmem } from 'node:os';
import { MongoError } from '../errors.ts';
import { docFrom, getField } from '../values/fields.ts';
import { makeDouble, makeLong } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { type Call, type Command, command } from './command.ts';
import { anything, flag, required, text } from './fields.ts';
import { SERVER_VERSION } from './handshake.ts';

const hostInfo = command({
  names: ['hostInfo', 'hostinfo'],
  help: 'tells about the machine',
  fields: { hostInfo: anything, hostinfo: anything },
  run: (_args, call) => ({
    fields: docFrom([
      [
        'system',
        docFrom([
          ['currentTime', call.now],
          ['hostname', hostname()],
          ['cpuAddrSize', 64],
          ['memSizeMB', makeLong(Math.floor(totalmem() / 2 ** 20))],
          ['numCores', cpus().length],
          ['cpuArch', process.arch],
        ]),
      ],
      [
        'os',
        docFrom([
          ['type', process.platform],
          ['name', process.platform],
          ['version', ''],
        ]),
      ],
      ['extra', docFrom([])],
    ]),
  }),
});

const serverStatus = command({
  names: ['serverStatus'],
  help: 'tells how the server is doing',
  fields: { serverStatus: anything, repl: anything, metrics: anything, locks: anything, all: anything },
  run: (_args, call) => ({ fields: statusOf(call) }),
});

function statusOf({ server, now }: Call): Doc {
  const uptime = now.getTime() - server.startedAt.getTime();
  const { current, totalCreated, max } = server.connections;
  const memory = process.memoryUsage();
  return docFrom([
    ['host', `${hostname()}:${server.port()}`],
    ['version', SERVER_VERSION],
    ['process', 'mongod'],
    ['pid', makeLong(process.pid)],
    ['uptime', makeDouble(Math.floor(uptime / 1000))],
    ['uptimeMillis', makeLong(uptime)],
    ['uptimeEstimate', makeLong(Math.floor(uptime / 1000))],
    ['localTime', now],
    [
      'connections',
      docFrom([
        ['current', current],
        ['available', max - current],
        ['totalCreated', totalCreated],
        ['active', 1],
      ]),
    ],
    [
      'mem',
      docFrom([
        ['bits', 64],
        ['resident', Math.floor(memory.rss / 2 ** 20)],
        ['virtual', Math.floor(memory.rss / 2 ** 20)],
        ['supported', true],
      ]),
    ],
    [
      'metrics',
      docFrom([['cursor', docFrom([['open', docFrom([['total', makeLong(server.cursors.size)]])]])]]),
    ],
    [
      'opcounters',
      docFrom(Object.entries(server.counters).map(([name, n]): [string, Value] => [name, makeLong(n)])),
    ],
    [
      'storageEngine',
      docFrom([
        ['name', 'souk'],
        ['supportsCommittedReads', true],
        ['persistent', true],
      ]),
    ],
  ]);
}

/** The parameters that tools are known to ask for. */
const parameters: Doc = docFrom([
  ['featureCompatibilityVersion', docFrom([['version', '7.0']])],
  ['authenticationMechanisms', []],
  ['quiet', false],
  ['logLevel', 0],
  ['ttlMonitorEnabled', true],
  ['ttlMonitorSleepSecs', 60],
]);

const getParameter = command({
  names: ['getParameter'],
  help: 'tells settings of the server',
  adminOnly: true,
  fields: {
    getParameter: required(anything),
    allParameters: anything,
    ...Object.fromEntries(Object.keys(parameters).map((name) => [name, anything])),
  },
  run(args, { body }) {
    if (args.getParameter === '*') return { fields: docFrom(Object.entries(parameters)) };
    const asked = Object.keys(parameters).filter((name) => getField(body, name) !== undefined);
    if (asked.length === 0) throw new MongoError(72, 'InvalidOptions', 'no option found to get');
    return { fields: docFrom(asked.map((name) => [name, parameters[name]])) };
  },
});

const getCmdLineOpts = command({
  names: ['getCmdLineOpts'],
  help: 'tells how the server was started',
  adminOnly: true,
  fields: { getCmdLineOpts: anything },
  run: (_args, { server }) => ({
    fields: docFrom([
      ['argv', ['mongod']],
      [
        'parsed',
        docFrom([
          [
            'net',
            docFrom([
              ['bindIp', '127.0.0.1'],
              ['port', server.port()],
            ]),
          ],
        ]),
      ],
    ]),
  }),
});

const currentOp = command({
  names: ['currentOp'],
  help: 'tells what is running: this command alone, as commands run one at a time',
  adminOnly: true,
  fields: { currentOp: anything, $all: anything, $ownOps: anything },
  run: (_args, call) => ({
    fields: docFrom([
      [
        'inprog',
        [
          docFrom([
            ['type', 'op'],
            ['desc', `conn${call.connectionId}`],
            ['connectionId', makeLong(call.connectionId)],
            ['client', call.clientAddress],
            ['active', true],
            ['opid', call.connectionId],
            ['op', 'command'],
            ['ns', 'admin.$cmd'],
            ['command', docFrom([['currentOp', 1]])],
          ]),
        ],
      ],
    ]),
  }),
});

const killOp = command({
  names: ['killOp'],
  help: 'has nothing to stop: a command has ended before the next one is read',
  adminOnly: true,
  fields: { killOp: anything, op: required(anything) },
  run: () => ({ fields: docFrom([['info', 'attempting to kill op']]) }),
});

const fsync = command({
  names: ['fsync'],
  help: 'has nothing to do: what was acknowledged is written',
  adminOnly: true,
  fields: { fsync: anything, lock: flag, async: flag, fsyncLockAcquisitionTimeoutMillis: anything },
  run(args) {
    if (args.lock)
      throw new MongoError(20, 'IllegalOperation', 'fsync with lock is not supported by this server');
    return { fields: docFrom([['numFiles', 1]]) };
  },
});

const getLog = command({
  names: ['getLog'],
  help: 'returns recent messages: there are none',
  adminOnly: true,
  fields: { getLog: required(text) },
  run(args) {
    if (args.getLog === '*') return { fields: docFrom([['names', ['global', 'startupWarnings']]]) };
    return {
      fields: docFrom([
        ['totalLinesWritten', 0],
        ['log', []],
      ]),
    };
  },
});

const logRotate = command({
  names: ['logRotate'],
  help: 'has nothing to do: there is no log of messages',
  adminOnly: true,
  fields: { logRotate: anything },
  run: () => ({ fields: docFrom([]) }),
});

export const diagnosticCommands: Command[] = [
  hostInfo,
  serverStatus,
  getParameter,
  getCmdLineOpts,
  currentOp,
  killOp,
  fsync,
  getLog,
  logRotate,
];
