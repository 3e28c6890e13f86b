/** Covers that the room draws itself, for products that have no photograph yet. */
import { createHash } from 'node:crypto';
import { errorResponse } from '@souk/kit/errors/errors';
import { type HttpRequest, type HttpResponse, jsonResponse } from '@souk/kit/http/handler';
import type { Route } from '@souk/kit/http/routes';
import { isId } from '@souk/kit/values/ids';
import { drawCover } from '../domain/covers/cover.ts';
import { COVERS_PATH } from '../domain/media.ts';
import type { Services } from '../domain/services.ts';
import { findCategories } from '../store/categories.ts';
import type { ProductDocument } from '../store/product-document.ts';
import { findProducts, findProductsBySlug } from '../store/products.ts';

const PATH = new RegExp(`${COVERS_PATH}([a-z0-9-]{1,100}|prd_[0-9A-Z]{26})\\.svg`);
const ORIGIN = 'origin';

export function covers(services: Services): Route {
  return { method: 'GET', path: PATH, handle: (request) => answer(services, request) };
}

async function answer(services: Services, { path, headers }: HttpRequest): Promise<HttpResponse> {
  const product = await findProduct(services, PATH.exec(path)![1]!);
  // A draft has no cover in public: its title is on nobody's page yet.
  if (!product || product.publishedAt === null) {
    const { status, body } = errorResponse('NOT_FOUND', 'There is no product with this cover');
    return jsonResponse(status, body);
  }
  const [category] = await findCategories(services.collections, product.categoryIds.slice(0, 1));
  const svg = drawCover({
    title: product.title,
    category: category?.slug ?? '',
    origin: product.attributes.find(({ code }) => code === ORIGIN)?.values[0] ?? product.brand ?? '',
  });
  const etag = `"${createHash('sha256').update(svg).digest('base64url').slice(0, 22)}"`;
  const cached = {
    etag,
    'cache-control': 'public, max-age=86400, stale-while-revalidate=604800',
    // Opened on its own, it may neither load nor run anything.
    'content-security-policy': "default-src 'none'; style-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
  };
  if (headers['if-none-match']?.includes(etag)) return { status: 304, headers: cached, body: '' };
  return { status: 200, headers: { ...cached, 'content-type': 'image/svg+xml; charset=utf-8' }, body: svg };
}

async function findProduct({ collections }: Services, key: string): Promise<ProductDocument | undefined> {
  const [product] = await (isId('prd', key)
    ? findProducts(collections, [key])
    : findProductsBySlug(collections, [key]));
  return product;
}
