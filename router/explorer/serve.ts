/** The page that browsers get at /graphql, and its files. All of it is ours: nothing is fetched from another host. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { EMPTY_BODY, type HttpRequest, type HttpResponse } from '@souk/kit/http/handler';
import type { ExplorerManifest } from './manifest.ts';

export interface Explorer {
  page(request: HttpRequest): Promise<HttpResponse>;
  /** Nothing when the request is not for one of the explorer's files. */
  asset(request: HttpRequest): Promise<HttpResponse | undefined>;
}

export const ASSET_PATH = '/explorer/';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** Styles may stand in the page, since the editor writes its theme there; scripts may not. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self'; " +
    "img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Where the build puts the files, from sources and from dist/ alike. */
export function explorerFolder(): string {
  const root = dirname(createRequire(import.meta.url).resolve('@souk/router/package.json'));
  return join(root, 'dist', 'explorer');
}

/** Nothing when the explorer was not built. */
export async function openExplorer(folder: string): Promise<Explorer | undefined> {
  const manifest = await readManifest(folder);
  if (!manifest) return undefined;
  const { page, files } = manifest;
  const read = async (name: string, request: HttpRequest): Promise<HttpResponse> => {
    const { encodings } = files[name]!;
    const encoding = encodings.find((candidate) =>
      accepts(request.headers['accept-encoding'], candidate.name),
    );
    const headers: Record<string, string> = {
      ...SECURITY,
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      vary: 'accept, accept-encoding',
    };
    if (encoding) headers['content-encoding'] = encoding.name;
    const body = await readFile(join(folder, `${name}${encoding?.suffix ?? ''}`));
    return { status: 200, headers, body };
  };

  return {
    page: async (request) => {
      const etag = `"${files[page]!.hash}"`;
      if (request.headers['if-none-match'] === etag) {
        return { status: 304, headers: { etag, vary: 'accept, accept-encoding' }, body: EMPTY_BODY };
      }
      const response = await read(page, request);
      Object.assign(response.headers, { etag, 'cache-control': 'no-cache' });
      return response;
    },
    asset: async (request) => {
      if (!request.path.startsWith(ASSET_PATH) || request.method !== 'GET') return undefined;
      const name = request.path.slice(ASSET_PATH.length);
      // Only what the build wrote has a name here, so that no path leads elsewhere.
      if (name === page || !Object.hasOwn(files, name)) return undefined;
      const response = await read(name, request);
      // The content's hash is in the name.
      response.headers['cache-control'] = 'public, max-age=31536000, immutable';
      return response;
    },
  };
}

async function readManifest(folder: string): Promise<ExplorerManifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ExplorerManifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function accepts(header: string | undefined, encoding: string): boolean {
  return (header ?? '').split(',').some((part) => {
    const [name, weight = 'q=1'] = part.split(';').map((piece) => piece.trim());
    return name === encoding && Number(weight.replace('q=', '')) > 0;
  });
}
