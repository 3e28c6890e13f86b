/** HTML out of templates: what is put in is text, unless it was made by `html` too. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < parts.length ? shown(parts[index]) : '')).join(''),
  );
}

/** Of ours alone: it is put in as it is. */
export const raw = (text: string): Html => new Html(text);

function shown(part: Part): string {
  if (part instanceof Html) return part.text;
  if (part === undefined || part === false) return '';
  if (typeof part === 'object') return part.map(shown).join('');
  return escaped(String(part));
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]!);

/** A description: paragraphs, and code in backticks. */
export function prose(text: string | undefined): Html | undefined {
  if (!text?.trim()) return undefined;
  const paragraphs = text.trim().split(/\n\s*\n/);
  return html`${paragraphs.map((one) => html`<p>${inline(one)}</p>`)}`;
}

/** A line with code in backticks. */
export const inline = (text: string): Html[] =>
  text
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
