/** Signs access tokens and publishes its keys without a socket. */
import { jsonResponse } from '@souk/kit/http/handler';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { TokenOptions } from '../../policy/tokens.ts';

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'library';

export interface Issuer {
  options: Omit<TokenOptions, 'log'>;
  /** How often its keys were fetched. */
  fetches(): number;
  /** Signs with a new key from now on; the ones before are published on, or taken back. */
  rotate(keep: 'keep' | 'drop'): Promise<void>;
  goAway(away: boolean): void;
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** Signs with the true key whatever stands in the header, as no library would. */
  signRaw(header: Record<string, unknown>, claims: Record<string, unknown>): Promise<string>;
  /** `authorization` of somebody with these scopes. */
  bearer(scope?: string, claims?: JWTPayload): Promise<Record<string, string>>;
  publicKeys(): JWK[];
  /** Publishes a key of another kind beside its own. */
  publish(key: JWK): void;
}

export async function createIssuer(): Promise<Issuer> {
  let published: JWK[] = [];
  let current: { key: CryptoKey; kid: string };
  let [count, away] = [0, false];

  const rotate = async (keep: 'keep' | 'drop') => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const kid = `key-${published.length}-${Math.random().toString(36).slice(2)}`;
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' };
    published = keep === 'keep' ? [...published, jwk] : [jwk];
    current = { key: privateKey, kid };
  };
  await rotate('drop');

  const sign = (claims: JWTPayload, header: Record<string, unknown> = {}) =>
    new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 900, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: current.kid, ...header })
      .sign(current.key);

  return {
    options: {
      jwksUrl: `${ISSUER}/.well-known/jwks.json`,
      issuer: ISSUER,
      audience: AUDIENCE,
      type: 'at+jwt',
      keysHandler: async () => {
        count++;
        if (away) throw new Error('connect ECONNREFUSED');
        return jsonResponse(200, { keys: published });
      },
    },
    fetches: () => count,
    rotate,
    goAway: (gone) => {
      away = gone;
    },
    sign,
    signRaw: async (header, claims) => {
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const text = `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid: current.kid, ...header })}.${encode(claims)}`;
      const signature = await crypto.subtle.sign('Ed25519', current.key, Buffer.from(text));
      return `${text}.${Buffer.from(signature).toString('base64url')}`;
    },
    bearer: async (scope = '', claims = {}) => ({
      authorization: `Bearer ${await sign({ sub: 'p1', sid: 's1', scope, ...claims })}`,
    }),
    publicKeys: () => published,
    publish: (key) => {
      published = [...published, key];
    },
  };
}
