/** Decides what becomes of a statement that is not plain SELECT, INSERT, UPDATE or DELETE, by its parse tree. */
import { childNode, type NodeValue, type ParseNode, textField } from './node-text.ts';

export interface Refusal {
  code: string;
  message: string;
  hint: string;
}

export type Verdict =
  | { kind: 'run' }
  | { kind: 'refuse'; refusal: Refusal }
  /** PREPARE, EXECUTE, DEALLOCATE: the name belongs to the connection. */
  | { kind: 'rename' }
  | { kind: 'deallocate-all' }
  | { kind: 'discard-all' }
  /** CREATE EXTENSION: its files have to be brought in first. */
  | { kind: 'extension'; name: string }
  | { kind: 'listen'; channel: string }
  /** No channel means all of them. */
  | { kind: 'unlisten'; channel: string | undefined };

const RUN: Verdict = { kind: 'run' };

const unsupported = (what: string, hint: string): Verdict => ({
  kind: 'refuse',
  refusal: { code: '0A000', message: `${what} is not supported by the embedded server`, hint },
});

const TEMPORARY_HINT =
  'Connections share one session of the engine. Use CREATE TEMP TABLE ... ON COMMIT DROP inside a transaction, or an UNLOGGED table.';
const ONE_DATABASE = 'The embedded server has one database, souk. Use a schema instead.';
const FIXED_SETTINGS =
  'Settings of the embedded server are part of its code. Use SET, ALTER ROLE or ALTER DATABASE.';

const rules: Record<string, (statement: ParseNode) => Verdict> = {
  CREATESTMT: (statement) =>
    isTemporary(childNode(statement, 'relation')) && !dropsAtCommit(statement, 'oncommit')
      ? unsupported('A temporary table that outlives its transaction', TEMPORARY_HINT)
      : RUN,
  CREATETABLEASSTMT(statement) {
    const into = childNode(statement, 'into');
    return into && isTemporary(childNode(into, 'rel')) && !dropsAtCommit(into, 'onCommit')
      ? unsupported('A temporary table that outlives its transaction', TEMPORARY_HINT)
      : RUN;
  },
  VIEWSTMT: (statement) =>
    isTemporary(childNode(statement, 'view')) ? unsupported('A temporary view', TEMPORARY_HINT) : RUN,
  CREATESEQSTMT: (statement) =>
    isTemporary(childNode(statement, 'sequence')) ? unsupported('A temporary sequence', TEMPORARY_HINT) : RUN,
  CREATEFUNCTIONSTMT: (statement) =>
    isInTemporarySchema(statement.fields.get('funcname'))
      ? unsupported('A temporary function', TEMPORARY_HINT)
      : RUN,

  PREPARESTMT: () => ({ kind: 'rename' }),
  EXECUTESTMT: () => ({ kind: 'rename' }),
  DEALLOCATESTMT: (statement) =>
    textField(statement, 'name') === undefined ? { kind: 'deallocate-all' } : { kind: 'rename' },
  DISCARDSTMT: (statement) =>
    textField(statement, 'target') === DISCARD_ALL ? { kind: 'discard-all' } : RUN,

  DECLARECURSORSTMT: (statement) =>
    Number(textField(statement, 'options')) & CURSOR_WITH_HOLD
      ? unsupported(
          'A cursor WITH HOLD',
          'Connections share one session of the engine. Use the cursor inside its transaction.',
        )
      : RUN,

  LISTENSTMT: (statement) => ({ kind: 'listen', channel: textField(statement, 'conditionname') ?? '' }),
  UNLISTENSTMT: (statement) => ({ kind: 'unlisten', channel: textField(statement, 'conditionname') }),

  COPYSTMT: (statement) =>
    textField(statement, 'filename') !== undefined || textField(statement, 'is_program') === 'true'
      ? unsupported(
          'COPY with a file or a program',
          'Use COPY ... FROM STDIN or TO STDOUT, or \\copy in psql.',
        )
      : RUN,

  CREATEEXTENSIONSTMT: (statement) => ({ kind: 'extension', name: textField(statement, 'extname') ?? '' }),

  VARIABLESETSTMT(statement) {
    const name = textField(statement, 'name')?.toLowerCase() ?? '';
    return ENDS_THE_ENGINE.has(name) && textField(statement, 'kind') === SET_VALUE
      ? unsupported(`SET ${name}`, 'It could end the engine that all connections share.')
      : RUN;
  },

  // One that cannot be loaded keeps PGlite from loading any other one after it.
  LOADSTMT: () => unsupported('LOAD', 'Libraries are loaded when they are needed.'),
  CREATEDBSTMT: () => unsupported('CREATE DATABASE', ONE_DATABASE),
  DROPDBSTMT: () => unsupported('DROP DATABASE', ONE_DATABASE),
  CREATESUBSCRIPTIONSTMT: () =>
    unsupported('CREATE SUBSCRIPTION', 'There is no replication. Use LISTEN and NOTIFY.'),
  CREATETABLESPACESTMT: () => unsupported('CREATE TABLESPACE', 'All data lies in the one data folder.'),
  ALTERSYSTEMSTMT: () => unsupported('ALTER SYSTEM', FIXED_SETTINGS),
};

/** With these an error, or one function that calls another, would take everybody's connection down. */
const ENDS_THE_ENGINE = new Set(['exit_on_error', 'max_stack_depth']);

/** Values of the C enums and flags in the parse tree. */
const SET_VALUE = '0';
const DISCARD_ALL = '0';
const ON_COMMIT_DROP = '3';
const CURSOR_WITH_HOLD = 0x20;

export const isInteresting = (type: string): boolean => Object.hasOwn(rules, type);

export const judgeUtility = (statement: ParseNode): Verdict => rules[statement.type]?.(statement) ?? RUN;

const isTemporary = (relation: ParseNode | undefined): boolean =>
  relation !== undefined &&
  (textField(relation, 'relpersistence') === 't' || isTemporarySchema(textField(relation, 'schemaname')));

const dropsAtCommit = (node: ParseNode, field: string): boolean => textField(node, field) === ON_COMMIT_DROP;

const isTemporarySchema = (schema: string | undefined): boolean => schema?.startsWith('pg_temp') ?? false;

/** A name that may have several parts, `pg_temp.f`. */
const isInTemporarySchema = (name: NodeValue): boolean =>
  Array.isArray(name) && name.length > 1 && typeof name[0] === 'string' && isTemporarySchema(name[0]);

const SESSION_LOCK: Refusal = {
  code: '0A000',
  message: 'An advisory lock of the session is not supported by the embedded server',
  hint: 'Connections share one session of the engine. Use pg_advisory_xact_lock or pg_try_advisory_xact_lock, which hold until the transaction ends.',
};

const OTHER_BACKENDS: Refusal = {
  code: '0A000',
  message: 'Signals between connections are not supported by the embedded server',
  hint: 'Send a cancel request, or close the connection that is to end.',
};

const EVERYBODYS_LIST: Refusal = {
  code: '0A000',
  message: 'Listing prepared statements or channels is not supported by the embedded server',
  hint: 'Connections share one session of the engine: the list would show those of all connections.',
};

/** Functions that would reach beyond their own connection, by name in pg_catalog. */
export const refusedFunctions: ReadonlyMap<string, Refusal> = new Map([
  ...[
    'pg_advisory_lock',
    'pg_advisory_lock_shared',
    'pg_try_advisory_lock',
    'pg_try_advisory_lock_shared',
    'pg_advisory_unlock',
    'pg_advisory_unlock_shared',
  ].map((name) => [name, SESSION_LOCK] as const),
  ...['pg_cancel_backend', 'pg_terminate_backend'].map((name) => [name, OTHER_BACKENDS] as const),
  ...['pg_listening_channels', 'pg_prepared_statement'].map((name) => [name, EVERYBODYS_LIST] as const),
]);
