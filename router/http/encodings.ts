/** Compresses an answer when it is asked to and large enough to gain by it. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { HttpResponse } from '@souk/kit/http/handler';

/** Below this the saving is smaller than a packet. */
export const COMPRESS_FROM_BYTES = 1_024;

/** In order of preference among equals. */
const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The default, 11, takes fifty times as long for a tenth less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 4 };

const compressors: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: (body) => promisify(brotliCompress)(body, BROTLI),
  gzip: (body) => promisify(gzip)(body, GZIP),
};

/** The one that weighs most (RFC 9110, 12.5.3); nothing when the answer is wanted as it is. */
export function chooseEncoding<Offer extends string = Encoding>(
  header: string | undefined,
  offers: readonly Offer[] = ENCODINGS as unknown as readonly Offer[],
): Offer | undefined {
  if (header === undefined || header === '') return undefined;
  const weights = new Map<string, number>();
  for (const part of header.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : readWeight(weight.slice(2)));
  }
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  // Plain is always acceptable, and last among equals, unless the client weighs it itself.
  let [chosen, best]: [Offer | undefined, number] = [undefined, weights.get('identity') ?? 0];
  for (const offer of offers) {
    const weight = weightOf(offer);
    if (weight > best || (weight === best && weight > 0 && chosen === undefined)) {
      [chosen, best] = [offer, weight];
    }
  }
  return chosen;
}

/** Runs on a thread of its own. */
export async function compress(response: HttpResponse, encoding: Encoding): Promise<HttpResponse> {
  const { status, headers, body } = response;
  const compressed = await compressors[encoding](typeof body === 'string' ? Buffer.from(body) : body);
  return { status, headers: { ...headers, 'content-encoding': encoding }, body: compressed };
}

function readWeight(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
