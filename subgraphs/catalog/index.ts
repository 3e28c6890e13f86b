/** Catalog: what is for sale and how it is described. */
import { readFileSync } from 'node:fs';
import { folderOf } from '@souk/kit/room/package-folder';
import { defineRoom } from '@souk/kit/room/room';
import { createContext } from './context.ts';
import { catalogEvents } from './events.ts';
import { openCatalog } from './open.ts';
import { Attribute } from './resolvers/Attribute.ts';
import { AttributeValue } from './resolvers/AttributeValue.ts';
import { Category } from './resolvers/Category.ts';
import { Media } from './resolvers/Media.ts';
import { Mutation } from './resolvers/Mutation.ts';
import { Product } from './resolvers/Product.ts';
import { ProductImport } from './resolvers/ProductImport.ts';
import { ProductSeo } from './resolvers/ProductSeo.ts';
import { Query } from './resolvers/Query.ts';
import { Subscription } from './resolvers/Subscription.ts';
import { Variant } from './resolvers/Variant.ts';
import { covers } from './routes/covers.ts';
import { importUpload } from './routes/import-upload.ts';
import { catalogSettings } from './settings.ts';

export const catalog = defineRoom({
  name: 'catalog',
  sdl: readFileSync(new URL('../../schema/catalog.graphql', folderOf('@souk/catalog')), 'utf8'),
  resolvers: {
    Query,
    Mutation,
    Subscription,
    Product,
    ProductSeo,
    AttributeValue,
    Attribute,
    Media,
    Variant,
    Category,
    ProductImport,
  },
  tells: catalogEvents,
  stores: ['mongodb', 'redis'],
  settings: catalogSettings,
  open: (environment) => openCatalog(environment),
  context: createContext,
  routes: (services) => [covers(services), importUpload(services)],
});
