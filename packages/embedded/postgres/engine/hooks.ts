/**
 * Listens in on Postgres while it works: every utility statement and every function call passes here before it has any
 * effect, whether it came by the wire, from inside a function or from EXECUTE. That is where statements are refused that
 * would reach beyond their connection, and where LISTEN, PREPARE and DISCARD become the connection's own.
 */
import type { ParseNode } from './node-text.ts';
import { LEVEL, type Memory, type Pointer, type PostgresModule } from './postgres-module.ts';
import { abandonStatements, type Session } from './session.ts';
import { engineName } from './statement-names.ts';
import { statementReader } from './statement-reader.ts';
import { judgeUtility, type Refusal, refusedFunctions, type Verdict } from './utility-policy.ts';

export interface Hooks {
  /** Whose statements run; undefined for the engine's own, which nobody judges. */
  setSession(session: Session | undefined): void;
  /** Whether objects were created since this was asked last. */
  takeCreated(): boolean;
}

export interface HookContext {
  module: PostgresModule;
  memory: Memory;
  /** The refused functions' names by object id. */
  functionIds: ReadonlyMap<number, string>;
  loadExtension(name: string): void;
  /** For DISCARD ALL. */
  resetSettings(): void;
  /** Makes the running statement stop if its client has asked for that. */
  checkCancel(): void;
}

/** Values of C enums. */
const OBJECT_CREATED = 0;
const FUNCTION_EXECUTED = 4;
const TOP_LEVEL = 0;
const TRANSACTION_COMMITTED = 0;
const TRANSACTION_ABORTED = 2;
const SUBTRANSACTION_ABORTED = 2;

/** In the structs of PREPARE, EXECUTE and DEALLOCATE the name follows the node's tag. */
const NAME_FIELD = 4;

interface ChannelChange {
  subtransaction: number;
  /** Undefined: UNLISTEN *. */
  channel: string | undefined;
  listen: boolean;
}

export function installHooks(context: HookContext): Hooks {
  const { module, memory, checkCancel } = context;
  let session: Session | undefined;
  let created = false;
  let channelChanges: ChannelChange[] = [];
  const refusedIds = new Map<number, Refusal>();
  for (const [id, name] of context.functionIds) refusedIds.set(id, refusedFunctions.get(name) as Refusal);

  const raise = ({ code, message, hint }: Refusal): never => {
    const asValue = (text: string): Pointer => {
      const values = module._palloc(4);
      memory.setWord(values, memory.statementText(text));
      return values;
    };
    const format = memory.statementText('%s');
    module._errstart(LEVEL.error, 0);
    module._errcode(packedSqlState(code));
    module._errmsg_internal(format, asValue(message));
    module._errhint(format, asValue(hint));
    module._errfinish(memory.statementText('souk'), 0, memory.statementText('embedded'));
    throw new Error('Postgres went on after an error');
  };

  /** Runs the statement with another name in it; the tree may be kept by Postgres, so the name is put back. */
  const runRenamed = (words: number[], statement: Pointer, current: Session) => {
    const field = statement + NAME_FIELD;
    const name = memory.word(field);
    // A statement's text is UTF-8 here, whatever the client's encoding: the same bytes, one character each.
    const bytes = Buffer.from(memory.text(name)).toString('latin1');
    const own = engineName(current.names, bytes);
    memory.setWord(field, memory.statementText(Buffer.from(own, 'latin1').toString()));
    try {
      module._standard_ProcessUtility(...words);
    } finally {
      memory.setWord(field, name);
    }
    return own;
  };

  const carryOut = (verdict: Verdict, words: number[], statement: () => Pointer, node: ParseNode) => {
    const current = session as Session;
    switch (verdict.kind) {
      case 'refuse':
        return raise(verdict.refusal);
      case 'rename': {
        const name = runRenamed(words, statement(), current);
        if (node.type === 'PREPARESTMT') current.names.known.add(name);
        if (node.type === 'DEALLOCATESTMT') current.names.known.delete(name);
        return;
      }
      case 'deallocate-all':
        return abandonStatements(current);
      case 'discard-all': {
        const isTopLevel = words[3] === TOP_LEVEL ? 1 : 0;
        module._PreventInTransactionBlock(isTopLevel, memory.statementText('DISCARD ALL'));
        context.resetSettings();
        abandonStatements(current);
        return changeChannels(undefined, false);
      }
      case 'extension':
        context.loadExtension(verdict.name);
        return module._standard_ProcessUtility(...words);
      case 'listen':
        changeChannels(verdict.channel, true);
        return module._standard_ProcessUtility(...words);
      case 'unlisten':
        // The engine goes on listening: others may need the channel.
        return changeChannels(verdict.channel, false);
      case 'run':
        return module._standard_ProcessUtility(...words);
    }
  };

  const changeChannels = (channel: string | undefined, listen: boolean) => {
    channelChanges.push({ subtransaction: module._GetCurrentSubTransactionId(), channel, listen });
  };

  const statements = statementReader(module, memory);

  const onUtility = (...words: number[]): undefined => {
    checkCancel();
    const planned = words[0] as Pointer;
    const node = session && statements.read(planned);
    if (!node) module._standard_ProcessUtility(...words);
    else carryOut(judgeUtility(node), words, () => statements.address(planned), node);
  };

  const onObjectAccess = (access?: number, _class?: number, id?: number): undefined => {
    if (!session) return;
    if (access === OBJECT_CREATED) created = true;
    if (access !== FUNCTION_EXECUTED) return;
    checkCancel();
    const refusal = refusedIds.get(id as number);
    if (refusal) raise(refusal);
  };

  const onExecutorStart = (query = 0, flags = 0): undefined => {
    checkCancel();
    module._standard_ExecutorStart(query, flags);
  };

  const onTransactionEnd = (event?: number): undefined => {
    if (channelChanges.length === 0) return;
    if (event === TRANSACTION_COMMITTED && session)
      session.channels = changedChannels(session, channelChanges);
    if (event === TRANSACTION_COMMITTED || event === TRANSACTION_ABORTED) channelChanges = [];
  };

  const onSubtransactionEnd = (event?: number, subtransaction = 0): undefined => {
    // Those inside it have higher numbers.
    if (event === SUBTRANSACTION_ABORTED)
      channelChanges = channelChanges.filter((change) => change.subtransaction < subtransaction);
  };

  memory.setWord(module._ProcessUtility_hook, module.addFunction(onUtility, 'viiiiiiii'));
  memory.setWord(module._object_access_hook, module.addFunction(onObjectAccess, 'viiiii'));
  memory.setWord(module._ExecutorStart_hook, module.addFunction(onExecutorStart, 'vii'));
  module._RegisterXactCallback(module.addFunction(onTransactionEnd, 'vii'), 0);
  module._RegisterSubXactCallback(module.addFunction(onSubtransactionEnd, 'viiii'), 0);

  return {
    setSession(next) {
      session = next;
    },
    takeCreated() {
      const was = created;
      created = false;
      return was;
    },
  };
}

/** Five characters of six bits each, as ereport() wants them. */
export const packedSqlState = (code: string): number =>
  [...code].reduce(
    (packed, character, place) => packed | (((character.charCodeAt(0) - 48) & 63) << (6 * place)),
    0,
  );

function changedChannels(session: Session, changes: readonly ChannelChange[]): ReadonlySet<string> {
  const channels = new Set(session.channels);
  for (const { channel, listen } of changes) {
    if (channel === undefined) channels.clear();
    else if (listen) channels.add(channel);
    else channels.delete(channel);
  }
  return channels;
}
