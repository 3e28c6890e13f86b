/** What a row of an import makes of a product that is there already. Everything the row does not name stays. */
import { invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { MediaDocument, ProductDocument, VariantDocument } from '../store/product-document.ts';
import { mergeFacts } from './attribute-values.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import type { TypedRow } from './import-rows.ts';
import { checkMediaList } from './media.ts';
import { checkCategories } from './product-creation.ts';
import { nextState, shelvesOf } from './product-derivation.ts';
import { checkTexts } from './product-texts.ts';
import type { References } from './references.ts';
import { alreadyArchived, type CatalogRefusal } from './refusals.ts';
import type { Services } from './services.ts';
import { checkOptions, checkVariant, checkVariantFacts, choiceOf, isChoice } from './variants.ts';

export interface Merged {
  product: ProductDocument;
  created: number;
  updated: number;
}

export type RowServices = Pick<Services, 'now' | 'newId' | 'publicUrl' | 'mediaHosts'>;

export function mergeRow(
  services: RowServices,
  product: ProductDocument,
  typed: TypedRow,
  references: References,
): Result<Merged, CatalogErrorCode> {
  if (product.status === 'ARCHIVED') return refused(alreadyArchived());
  const errors: CatalogRefusal[] = [];
  const take = <Value>(result: Result<Value, CatalogErrorCode>): Value | undefined => {
    if (result.ok) return result.value;
    errors.push(...result.errors);
    return undefined;
  };
  const { slug: _, ...texts } = typed;
  const fields: Partial<ProductDocument> = {
    ...take(checkTexts(texts.description === '' ? { ...texts, description: undefined } : texts)),
  };
  if (typed.categoryIds) {
    const categoryIds = take(checkCategories(typed.categoryIds, references.categories, ['categoryIds']));
    if (categoryIds)
      Object.assign(fields, { categoryIds, shelfIds: shelvesOf(categoryIds, references.categories) });
  }
  if (typed.attributes) {
    const attributes = take(
      mergeFacts(product.attributes, typed.attributes, references.attributes, ['attributes']),
    );
    if (attributes) fields.attributes = attributes;
  }
  if (typed.media) {
    const media = take(checkMediaList(services, typed.media, ['media']));
    if (media && !sameMedia(media, product.media)) fields.media = media;
  }
  const options = take(widenedOptions(product, typed));
  if (options) fields.options = options;
  const variants = options && take(mergeVariants(services, { ...product, options }, typed));
  if (!variants || errors.length > 0) return refused(...errors);

  const changed = Object.entries(fields).filter(([name, value]) =>
    differs(value, product[name as keyof ProductDocument]),
  );
  const isSame = changed.length === 0 && variants.created + variants.updated === 0;
  if (isSame) return ok({ product, created: 0, updated: 0 });
  const version = product.version + (changed.length > 0 ? 1 : 0);
  const change = { ...Object.fromEntries(changed), variants: variants.all, version };
  return ok({
    product: nextState(product, change, { now: services.now(), mark: services.newId('rct') }),
    created: variants.created,
    updated: variants.updated + (changed.length > 0 ? 1 : 0),
  });
}

/** New values of options that the product has; a new option would leave its variants without a choice. */
function widenedOptions(
  product: ProductDocument,
  typed: TypedRow,
): Result<ProductDocument['options'], CatalogErrorCode> {
  const unknown = typed.options?.find(
    ({ name }) => !product.options.some((option) => option.name === name.trim()),
  );
  if (unknown) {
    return refused(invalid('OPTIONS_MISMATCH', `The product has no option “${unknown.name}”`, 'options'));
  }
  const widened = product.options.map(({ name, values }) => {
    const more = typed.options?.find((option) => option.name.trim() === name)?.values ?? [];
    return { name, values: [...new Set([...values, ...more.map((value) => value.trim())])] };
  });
  return checkOptions(widened, ['options']);
}

interface MergedVariants {
  all: VariantDocument[];
  created: number;
  updated: number;
}

function mergeVariants(
  services: RowServices,
  product: ProductDocument,
  typed: TypedRow,
): Result<MergedVariants, CatalogErrorCode> {
  const errors: CatalogRefusal[] = [];
  const merged: MergedVariants = { all: [...product.variants], created: 0, updated: 0 };
  for (const [index, row] of typed.variants.entries()) {
    const path = ['variants', index];
    const at = merged.all.findIndex(({ sku }) => sku === row.sku.trim());
    if (at < 0) {
      const added = checkVariant(services, row, { options: product.options, variants: merged.all }, path);
      if (added.ok) merged.all.push(added.value);
      else errors.push(...added.errors);
      if (added.ok) merged.created += 1;
      continue;
    }
    const before = merged.all[at]!;
    const choice = choiceOf(row.options, product.options);
    if (row.options.length > 0 && (typeof choice === 'string' || !isChoice(before, choice))) {
      const message = `The variant ${before.sku} was made for other options, which cannot change`;
      errors.push(invalid('OPTIONS_MISMATCH', message, [...path, 'options']));
      continue;
    }
    const facts = checkVariantFacts(services, row, path);
    if (!facts.ok) {
      errors.push(...facts.errors);
      continue;
    }
    const changed = Object.entries(facts.value).filter(([name, value]) => {
      const was = before[name as keyof VariantDocument];
      return name === 'image' && value && was
        ? !sameMedia([value as MediaDocument], [was as MediaDocument])
        : differs(value, was);
    });
    if (changed.length === 0) continue;
    merged.all[at] = { ...before, ...Object.fromEntries(changed), version: before.version + 1 };
    merged.updated += 1;
  }
  return errors.length > 0 ? refused(...errors) : ok(merged);
}

function sameMedia(a: readonly MediaDocument[], b: readonly MediaDocument[]): boolean {
  const bare = (media: readonly MediaDocument[]) => media.map(({ id: _, ...rest }) => rest);
  return !differs(bare(a), bare(b));
}

/** Both are plain data whose fields were written in the same order. */
function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);
}
