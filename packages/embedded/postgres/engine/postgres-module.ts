/** The C functions and variables of Postgres that the engine uses, and how its memory is read from outside. */

/** An address in Postgres' memory. */
export type Pointer = number;

/** What PGlite's WASM module exports of Postgres; an underscore stands before every C name. */
export interface PostgresModule {
  HEAPU8: Uint8Array;
  addFunction(callback: (...words: number[]) => number | undefined, signature: string): Pointer;
  UTF8ToString(address: Pointer): string;
  stackSave(): Pointer;
  stackRestore(pointer: Pointer): void;

  _malloc(size: number): Pointer;
  _free(address: Pointer): void;
  /** Memory that Postgres frees at the end of the statement. */
  _palloc(size: number): Pointer;

  // The wire: Postgres reads and writes its client's bytes through two callbacks.
  _pgl_set_rw_cbs(read: Pointer, write: Pointer): void;
  _PostgresMainLoopOnce(): void;
  _PostgresMainLongJmp(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
  _pq_buffer_remaining_data(): number;
  _ProcessStartupPacket(port: Pointer, sslDone: number, gssDone: number): number;
  _pgl_getMyProcPort(): Pointer;
  _pgl_sendConnData(): void;

  // Settings.
  _find_option(name: Pointer, createPlaceholders: number, skipErrors: number, level: number): Pointer;
  _GetConfigOption(name: Pointer, missingOk: number, restrictPrivileged: number): Pointer;
  _set_config_option(
    name: Pointer,
    value: Pointer,
    context: number,
    source: number,
    action: number,
    changeValue: number,
    level: number,
    isReload: number,
  ): number;

  // Transactions.
  _StartTransactionCommand(): void;
  _CommitTransactionCommand(): void;
  _RegisterXactCallback(callback: Pointer, argument: Pointer): void;
  _RegisterSubXactCallback(callback: Pointer, argument: Pointer): void;
  _GetCurrentSubTransactionId(): number;
  _PreventInTransactionBlock(isTopLevel: number, statement: Pointer): void;

  // Errors, raised step by step as ereport() does.
  _errstart(level: number, domain: Pointer): number;
  _errcode(packed: number): number;
  _errmsg_internal(format: Pointer, values: Pointer): number;
  _errhint(format: Pointer, values: Pointer): number;
  _errfinish(file: Pointer, line: number, routine: Pointer): void;

  // Hooks: addresses of the variables that hold them, and what runs when there is none.
  _ProcessUtility_hook: Pointer;
  _object_access_hook: Pointer;
  _ExecutorStart_hook: Pointer;
  _standard_ProcessUtility(...words: number[]): void;
  _standard_ExecutorStart(query: Pointer, flags: number): void;
  _nodeToString(node: Pointer): Pointer;

  // Set both, and the statement stops where Postgres next looks up.
  _InterruptPending: Pointer;
  _QueryCancelPending: Pointer;
}

export const LEVEL = { warning: 19, error: 21 } as const;

/** The status of the exception by which Postgres' error handling leaves the main loop; see PGlite's pglitec.c. */
const MAIN_LONGJMP = 100;

export const isLongJump = (thrown: unknown): boolean =>
  (thrown as { status?: number } | undefined)?.status === MAIN_LONGJMP;

export interface Memory {
  word(address: Pointer): number;
  setWord(address: Pointer, value: number): void;
  text(address: Pointer): string;
  /** Copies a string into memory that Postgres frees at the end of the statement. */
  statementText(text: string): Pointer;
  /** Lends strings for the time of one call; undefined becomes a null pointer. */
  withTexts<Result>(texts: readonly (string | undefined)[], use: (...pointers: Pointer[]) => Result): Result;
}

export function memoryOf(module: PostgresModule): Memory {
  let view = new DataView(module.HEAPU8.buffer);
  // Memory that grows is a new buffer.
  const current = () => {
    if (view.buffer !== module.HEAPU8.buffer) view = new DataView(module.HEAPU8.buffer);
    return view;
  };
  const write = (text: string, allocate: (size: number) => Pointer): Pointer => {
    const bytes = Buffer.from(`${text}\0`);
    const address = allocate(bytes.length);
    module.HEAPU8.set(bytes, address);
    return address;
  };
  return {
    word: (address) => current().getUint32(address, true),
    setWord: (address, value) => current().setUint32(address, value, true),
    text: (address) => module.UTF8ToString(address),
    statementText: (text) => write(text, module._palloc),
    withTexts(texts, use) {
      const pointers = texts.map((text) => (text === undefined ? 0 : write(text, module._malloc)));
      try {
        return use(...pointers);
      } finally {
        for (const pointer of pointers) if (pointer) module._free(pointer);
      }
    },
  };
}
