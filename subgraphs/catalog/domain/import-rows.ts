/** A line of a file becomes a typed product, or the reason why it does not. */

import { parseJson } from '@souk/kit/http/json';
import { z } from 'zod';
import { csvProduct } from './import-csv.ts';
import type { RawLine } from './import-lines.ts';
import { MAX_LINE_BYTES } from './import-lines.ts';
import { slugOf } from './slugs.ts';

const dimensions = z.strictObject({ lengthMm: z.int(), widthMm: z.int(), heightMm: z.int() });
const media = z.strictObject({
  kind: z.enum(['IMAGE', 'VIDEO']),
  url: z.string(),
  alt: z.string(),
  width: z.int().nullish(),
  height: z.int().nullish(),
});

/** Shaped like `ProductCreateInput`; shelves may be named by their slugs, since whoever writes a file knows no ids. */
const product = z.strictObject({
  title: z.string(),
  slug: z.string().nullish(),
  description: z.string().default(''),
  brand: z.string().nullish(),
  categoryIds: z.array(z.string()).nullish(),
  categorySlugs: z.array(z.string()).nullish(),
  attributes: z.array(z.strictObject({ code: z.string(), values: z.array(z.string()) })).nullish(),
  options: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })).nullish(),
  variants: z
    .array(
      z.strictObject({
        sku: z.string(),
        options: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
        barcode: z.string().nullish(),
        weightGrams: z.int().nullish(),
        dimensions: dimensions.nullish(),
        image: media.nullish(),
      }),
    )
    .default([]),
  media: z.array(media).nullish(),
  seo: z.strictObject({ title: z.string().nullish(), description: z.string().nullish() }).nullish(),
});

export type TypedRow = z.output<typeof product>;

export interface Row {
  line: number;
  slug: string;
  typed: TypedRow;
}

export interface RowFault {
  line: number;
  sku: string | null;
  field: string | null;
  message: string;
}

export type ReadRow = { ok: true; row: Row } | { ok: false; faults: RowFault[] };

/** `columns` are those of a CSV file. */
export function readRow({ line, bytes }: RawLine, columns: readonly string[] | null): ReadRow {
  const fault = (message: string, field: string | null = null, sku: string | null = null): ReadRow => ({
    ok: false,
    faults: [{ line, sku, field, message }],
  });
  if (bytes === null) return fault(`The line is longer than ${MAX_LINE_BYTES / 1024} KB`);
  const read = columns ? csvProduct(columns, bytes) : jsonProduct(bytes);
  if (!read.ok) return fault(read.message, read.field ?? null, read.sku ?? null);
  const parsed = product.safeParse(read.value);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, line, skuIn(read.value)) };
  const typed = parsed.data;
  const slug = typed.slug ?? slugOf(typed.title);
  if (slug === undefined) return fault('No slug can be made from this title; give one', 'slug', skuIn(typed));
  return { ok: true, row: { line, slug, typed } };
}

function jsonProduct(
  bytes: Buffer,
): { ok: true; value: unknown } | { ok: false; message: string; field?: string; sku?: string } {
  const parsed = parseJson(bytes);
  // What it calls a body is a line here.
  return parsed.ok ? parsed : { ok: false, message: parsed.message.replace('The body', 'The line') };
}

const MAX_FAULTS = 5;

function faultsOf({ issues }: z.ZodError, line: number, sku: string | null): RowFault[] {
  return issues.slice(0, MAX_FAULTS).map(({ path, message }) => ({
    line,
    sku,
    field: path.length > 0 ? path.join('.') : null,
    message,
  }));
}

/** Of the first variant, to find the row by. */
export function skuIn(value: unknown): string | null {
  const variants = (value as { variants?: unknown } | null)?.variants;
  const sku = Array.isArray(variants) ? (variants[0] as { sku?: unknown } | null)?.sku : undefined;
  return typeof sku === 'string' ? sku.slice(0, 64) : null;
}
