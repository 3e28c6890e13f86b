/**
 * CSV as RFC 4180 has it: a header line, then one variant a row. Lists are parted by `|`; `option:<name>` and
 * `attribute:<code>` are columns of their own. Rows with the same slug are the variants of one product.
 */
import { isUtf8 } from 'node:buffer';

const COLUMNS = new Set([
  'slug',
  'title',
  'description',
  'brand',
  'categories',
  'sku',
  'barcode',
  'weight_grams',
  'length_mm',
  'width_mm',
  'height_mm',
  'image_url',
  'image_alt',
]);
const REQUIRED = ['title', 'sku'];

type Read<Value> =
  | { ok: true; value: Value }
  | { ok: false; message: string; field?: string; sku?: string | undefined };

export function csvColumns(bytes: Buffer | null): Read<string[]> {
  const fields = bytes && csvFields(bytes);
  if (!fields) return { ok: false, message: 'The header line is no CSV in UTF-8' };
  // Spreadsheets put a byte order mark in front.
  const names = fields.map((name, index) => (index === 0 ? name.replace(/^\ufeff/, '') : name).trim());
  const unknown = names.find((name) => !COLUMNS.has(name) && !/^(?:option|attribute):.+/.test(name));
  if (unknown !== undefined) {
    const known = [...COLUMNS, 'option:<name>', 'attribute:<code>'].join(', ');
    return { ok: false, message: `“${unknown}” is no column; there are ${known}`, field: unknown };
  }
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) return { ok: false, message: `The column ${missing.join(' and ')} is missing` };
  const double = names.find((name, index) => names.indexOf(name) < index);
  if (double !== undefined)
    return { ok: false, message: `The column ${double} stands there twice`, field: double };
  return { ok: true, value: names };
}

/** Empty fields are left out, so that what the product has stays. */
export function csvProduct(columns: readonly string[], bytes: Buffer): Read<unknown> {
  const fields = csvFields(bytes);
  if (!fields)
    return { ok: false, message: 'The line is no CSV in UTF-8: a quotation mark is open or out of place' };
  const cells = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    const cell = fields[index]?.trim();
    if (cell) cells.set(column, cell);
  }
  const sku = cells.get('sku');
  if (fields.length !== columns.length) {
    const message = `The line has ${fields.length} fields, but the header ${columns.length}`;
    return { ok: false, message, sku };
  }
  const numbers: Record<string, number> = {};
  for (const column of ['weight_grams', 'length_mm', 'width_mm', 'height_mm']) {
    const cell = cells.get(column);
    if (cell === undefined) continue;
    if (!/^\d{1,9}$/.test(cell))
      return { ok: false, message: `“${cell}” is no whole number`, field: column, sku };
    numbers[column] = Number(cell);
  }
  const chosen = prefixed(cells, 'option:');
  const { length_mm: lengthMm, width_mm: widthMm, height_mm: heightMm } = numbers;
  const imageUrl = cells.get('image_url');
  const title = cells.get('title');
  return {
    ok: true,
    value: {
      ...(title === undefined ? {} : { title }),
      ...optional('slug', cells.get('slug')),
      ...optional('description', cells.get('description')),
      ...optional('brand', cells.get('brand')),
      ...optional('categorySlugs', listIn(cells.get('categories'))),
      attributes: prefixed(cells, 'attribute:').map(([code, text]) => ({ code, values: listIn(text) })),
      options: chosen.map(([name, value]) => ({ name, values: [value] })),
      variants: [
        {
          sku: sku ?? '',
          options: chosen.map(([name, value]) => ({ name, value })),
          ...optional('barcode', cells.get('barcode')),
          ...optional('weightGrams', numbers.weight_grams),
          ...(lengthMm !== undefined && widthMm !== undefined && heightMm !== undefined
            ? { dimensions: { lengthMm, widthMm, heightMm } }
            : {}),
          ...(imageUrl === undefined
            ? {}
            : { image: { kind: 'IMAGE', url: imageUrl, alt: cells.get('image_alt') ?? title ?? '' } }),
        },
      ],
    },
  };
}

function optional<Value>(name: string, value: Value | undefined) {
  return value === undefined ? {} : { [name]: value };
}

function prefixed(cells: ReadonlyMap<string, string>, prefix: string): [string, string][] {
  return [...cells].flatMap(([column, cell]): [string, string][] =>
    column.startsWith(prefix) ? [[column.slice(prefix.length), cell]] : [],
  );
}

function listIn(cell: string | undefined): string[] | undefined {
  return cell?.split('|').flatMap((part) => part.trim() || []);
}

const FIELD = /(?:"((?:[^"]+|"")*)"|([^",]*))(,|$)/y;

/** Nothing when quotation marks do not fit. */
export function csvFields(bytes: Buffer): string[] | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const match = FIELD.exec(text);
    if (!match) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return fields;
  }
}
