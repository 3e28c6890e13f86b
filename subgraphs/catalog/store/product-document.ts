/** A product as it is stored: one document with its variants, so that a whole product is one read and one write. */
import type { OutgoingEvent } from '../events.ts';

export type ProductStatus = 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED';

export interface ProductDocument {
  _id: string;
  slug: string;
  /** The slug and every earlier one, which go on working. Unique among all products. */
  slugs: string[];
  title: string;
  /** The title as it is sorted: small letters without accents. */
  titleKey: string;
  description: string;
  brand: string | null;
  status: ProductStatus;
  publishedAt: Date | null;
  publishAt: Date | null;
  unpublishAt: Date | null;
  /** What NEWEST sorts by: when it last appeared, or was made. */
  freshAt: Date;
  /** The main one first. */
  categoryIds: string[];
  /** Those and all above them, so that a shelf lists what stands below it by one key of an index. */
  shelfIds: string[];
  attributes: AttributeFact[];
  /** `code=value` of each attribute, for filters. */
  facts: string[];
  options: ProductOption[];
  /** At least one. */
  variants: VariantDocument[];
  media: MediaDocument[];
  seo: { title: string | null; description: string | null };
  /** Grows with every edit of the product itself; what editors hand back. */
  version: number;
  /** Grows with every write, also of a variant: no write goes through that was based on an older one. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  /** Shelves whose counters do not know of the last change yet. */
  recount?: { mark: string; shelfIds: string[] };
  /** The import that last wrote it, which may come by again after a crash. */
  lastImport?: { importId: string; row: number; created: number; updated: number };
}

export interface AttributeFact {
  code: string;
  values: string[];
}

export interface ProductOption {
  name: string;
  values: string[];
}

export interface SelectedOption {
  name: string;
  value: string;
}

export interface VariantDocument {
  id: string;
  sku: string;
  /** One for every option of the product, in its order. */
  options: SelectedOption[];
  barcode: string | null;
  weightGrams: number | null;
  dimensions: { lengthMm: number; widthMm: number; heightMm: number } | null;
  image: MediaDocument | null;
  isRetired: boolean;
  version: number;
}

export interface MediaDocument {
  id: string;
  kind: 'IMAGE' | 'VIDEO';
  /** A path alone is served by this room. */
  url: string;
  alt: string;
  width: number | null;
  height: number | null;
}

/** A variant together with what it is a variant of. */
export interface VariantOfProduct {
  product: ProductDocument;
  variant: VariantDocument;
}

/** With what is told to other domains, which readers leave out. */
export interface StoredProduct extends ProductDocument {
  events: OutgoingEvent[];
}
