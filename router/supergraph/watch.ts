/** Tells when a file has other content: by the file system's word, and by looking now and then where that is silent. */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Log } from '@souk/kit/observe/log';

export interface WatchOptions {
  file: string;
  /** What is known already. */
  content: string;
  onChange(content: string): void;
  log: Log;
  /** Network drives and container mounts tell nothing. */
  pollMs?: number;
}

export interface FileWatch {
  stop(): void;
}

const POLL_MS = 5_000;
/** Writers and editors touch a file several times in a row. */
const SETTLE_MS = 100;

export function watchFile({ file, content, onChange, log, pollMs = POLL_MS }: WatchOptions): FileWatch {
  let known = hashOf(content);
  let away = false;
  let settling: NodeJS.Timeout | undefined;
  let stopped = false;

  const look = async (): Promise<void> => {
    try {
      const next = await readFile(file, 'utf8');
      const hash = hashOf(next);
      if (stopped || hash === known) return;
      known = hash;
      away = false;
      onChange(next);
    } catch (error) {
      // Between two versions a file may be gone for a moment; the last one read goes on.
      if (!away) log.warn({ file, detail: (error as Error).message }, 'The supergraph file cannot be read');
      away = true;
    }
  };
  const settle = (): void => {
    clearTimeout(settling);
    settling = setTimeout(look, SETTLE_MS);
    settling.unref();
  };

  const watcher = watchFolder(file, settle, log);
  const poll = setInterval(look, pollMs);
  poll.unref();
  return {
    stop: () => {
      stopped = true;
      watcher?.close();
      clearInterval(poll);
      clearTimeout(settling);
    },
  };
}

/** The folder, since a file that is replaced by another one takes its watch with it. */
function watchFolder(file: string, onEvent: () => void, log: Log): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
      // A mounted configuration changes by a link beside the file, under another name.
      if (name === null || name === basename(file) || name.startsWith('..')) onEvent();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    // Out of watches, for one: looking now and then remains.
    log.warn(
      { file, detail: (error as Error).message },
      'The supergraph file is not watched, only looked at',
    );
    return undefined;
  }
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('base64');
}
