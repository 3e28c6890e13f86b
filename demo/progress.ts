/** Tells how a load gets on: a bar that grows on a terminal, a line for each part elsewhere. */

export interface Output {
  isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** `done` of `total` of what is being loaded. */
  tell(what: string, done: number, total: number): void;
  end(): void;
}

const WIDTH = 30;
/** Terminals repaint no faster than anybody reads. */
const REPAINT_MS = 50;
const CLEAR_LINE = '\r\u001b[2K';

export function createProgress(output: Output, now: () => number = Date.now): Progress {
  return output.isTTY ? bar(output, now) : lines(output);
}

function bar(output: Output, now: () => number): Progress {
  let paintedAt = Number.NEGATIVE_INFINITY;
  return {
    tell: (what, done, total) => {
      if (done < total && now() - paintedAt < REPAINT_MS) return;
      paintedAt = now();
      const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
      const drawn = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
      output.write(`${CLEAR_LINE}${drawn} ${numeral(done)} of ${numeral(total)} ${what}`);
    },
    end: () => output.write(CLEAR_LINE),
  };
}

function lines(output: Output): Progress {
  return {
    tell: (what, done, total) => {
      if (done === total) output.write(`  ${numeral(total)} ${what}\n`);
    },
    end: () => {},
  };
}

const numeral = (count: number) => count.toLocaleString('en');
