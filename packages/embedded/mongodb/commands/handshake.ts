/** What a driver asks before anything else: who is there, and what it can do. */
import { MongoError } from '../errors.ts';
import { MAX_DOCUMENT_BYTES } from '../storage/collection.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { type Call, type Command, command } from './command.ts';
import { anything } from './fields.ts';

export const SERVER_VERSION = '7.0.0';
const MAX_WIRE_VERSION = 21;
const MAX_MESSAGE_BYTES = 48_000_000;
const MAX_WRITE_BATCH = 100_000;
const SESSION_MINUTES = 30;

const greetingFields = {
  hello: anything,
  isMaster: anything,
  ismaster: anything,
  helloOk: anything,
  client: anything,
  compression: anything,
  hostInfo: anything,
  internalClient: anything,
  loadBalanced: anything,
  maxAwaitTimeMS: anything,
  saslSupportedMechs: anything,
  speculativeAuthenticate: anything,
  topologyVersion: anything,
  backpressure: anything,
};

/**
 * Neither a set's name nor a topology version: that makes it a standalone server, into which no driver retries writes,
 * and which it watches by asking again. No compressor is ever agreed on.
 */
function greeting(call: Call, primaryField: string): Doc {
  return docFrom([
    ['helloOk', 'helloOk' in call.body ? true : undefined],
    [primaryField, true],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['maxMessageSizeBytes', MAX_MESSAGE_BYTES],
    ['maxWriteBatchSize', MAX_WRITE_BATCH],
    ['localTime', call.now],
    ['logicalSessionTimeoutMinutes', SESSION_MINUTES],
    ['connectionId', call.connectionId],
    ['minWireVersion', 0],
    ['maxWireVersion', MAX_WIRE_VERSION],
    ['readOnly', false],
  ]);
}

const hello = command({
  names: ['hello'],
  help: 'tells what kind of server this is',
  fields: greetingFields,
  run: (_args, call) => ({ fields: greeting(call, 'isWritablePrimary') }),
});

const isMaster = command({
  names: ['isMaster', 'ismaster'],
  help: 'the old name of hello',
  fields: greetingFields,
  run: (_args, call) => ({ fields: greeting(call, 'ismaster') }),
});

const ping = command({
  names: ['ping'],
  help: 'answers',
  fields: { ping: anything },
  run: () => ({ fields: docFrom([]) }),
});

const buildInfo = command({
  names: ['buildInfo', 'buildinfo'],
  help: 'tells the version',
  fields: { buildInfo: anything, buildinfo: anything },
  run: () => ({
    fields: docFrom([
      ['version', SERVER_VERSION],
      ['gitVersion', 'souk-embedded'],
      ['modules', []],
      ['allocator', 'system'],
      ['javascriptEngine', 'none'],
      ['sysInfo', 'deprecated'],
      ['versionArray', [7, 0, 0, 0]],
      [
        'openssl',
        docFrom([
          ['running', 'disabled'],
          ['compiled', 'disabled'],
        ]),
      ],
      [
        'buildEnvironment',
        docFrom([
          ['target_os', process.platform],
          ['target_arch', process.arch],
        ]),
      ],
      ['bits', 64],
      ['debug', false],
      ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
      ['storageEngines', ['souk']],
    ]),
  }),
});

const whatsmyuri = command({
  names: ['whatsmyuri'],
  help: 'tells the address of the client',
  fields: { whatsmyuri: anything },
  run: (_args, { clientAddress }) => ({ fields: docFrom([['you', clientAddress]]) }),
});

const connectionStatus = command({
  names: ['connectionStatus'],
  help: 'tells who is signed in: nobody, on a server that asks no one to',
  fields: { connectionStatus: anything, showPrivileges: anything },
  run: () => ({
    fields: docFrom([
      [
        'authInfo',
        docFrom([
          ['authenticatedUsers', []],
          ['authenticatedUserRoles', []],
        ]),
      ],
    ]),
  }),
});

/** There are no users, so nobody is let in by a password. */
const signIns = ['saslStart', 'saslContinue', 'authenticate'].map((name) =>
  command({
    names: [name],
    help: 'is refused: there are no users',
    fields: {
      [name]: anything,
      mechanism: anything,
      payload: anything,
      autoAuthorize: anything,
      options: anything,
      conversationId: anything,
      user: anything,
      db: anything,
    },
    run: () => {
      throw new MongoError(18, 'AuthenticationFailed', 'Authentication failed.');
    },
  }),
);

export const handshakeCommands: Command[] = [
  hello,
  isMaster,
  ping,
  buildInfo,
  whatsmyuri,
  connectionStatus,
  ...signIns,
];
