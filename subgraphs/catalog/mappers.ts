/** What resolvers hand on for a type of the SDL when that is not the type itself: documents, and pages of them. */
import type { Connection } from '@souk/kit/lists/connections';
import type { AttributeDocument } from './store/attribute-document.ts';
import type { ImportDocument, ImportFailure } from './store/import-document.ts';
import type { MediaDocument, ProductDocument, VariantOfProduct } from './store/product-document.ts';

export type ProductPage = Connection<ProductDocument>;
export type VariantPage = Connection<VariantOfProduct>;
export type MediaPage = Connection<MediaDocument>;
export type AttributePage = Connection<AttributeDocument>;
export type ProductImportPage = Connection<ImportDocument>;
export type ProductImportFailurePage = Connection<ImportFailure>;
