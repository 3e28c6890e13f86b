/** Splits a command typed as one line, with the quoting of redis-cli: "..." with escapes, '...' nearly without. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };
const SPACE = /[ \t\n\v\f\r]/;
const ENDS_WORD = /[ \t\n\r]/;

/** Undefined when a quote is not closed, or is followed by more than a space. */
export function splitInline(text: string): string[] | undefined {
  const line = text.split('\0', 1)[0]!; // as C reads it
  const args: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && SPACE.test(line[at]!)) at++;
    if (at >= line.length) return args;
    const word = readWord(line, at);
    if (!word) return undefined;
    args.push(word.text);
    at = word.end;
  }
}

interface Word {
  text: string;
  end: number;
}

function readWord(line: string, start: number): Word | undefined {
  let text = '';
  let at = start;
  while (at < line.length && !ENDS_WORD.test(line[at]!)) {
    const mark = line[at]!;
    if (mark === '"' || mark === "'") {
      const quoted = mark === '"' ? readDoubleQuoted(line, at + 1) : readSingleQuoted(line, at + 1);
      if (!quoted || (quoted.end < line.length && !SPACE.test(line[quoted.end]!))) return undefined;
      return { text: text + quoted.text, end: quoted.end };
    }
    text += mark;
    at++;
  }
  return { text, end: at };
}

function readDoubleQuoted(line: string, start: number): Word | undefined {
  let text = '';
  for (let at = start; at < line.length; at++) {
    if (line[at] === '"') return { text, end: at + 1 };
    if (line[at] !== '\\' || at + 1 >= line.length) {
      text += line[at];
      continue;
    }
    const hex = /^x([\da-fA-F]{2})/.exec(line.slice(at + 1, at + 4));
    if (hex) {
      text += String.fromCharCode(Number.parseInt(hex[1]!, 16));
      at += 3;
    } else {
      at++;
      text += ESCAPES[line[at]!] ?? line[at];
    }
  }
  return undefined;
}

function readSingleQuoted(line: string, start: number): Word | undefined {
  let text = '';
  for (let at = start; at < line.length; at++) {
    if (line[at] === "'") return { text, end: at + 1 };
    if (line[at] === '\\' && line[at + 1] === "'") at++;
    text += line[at];
  }
  return undefined;
}
