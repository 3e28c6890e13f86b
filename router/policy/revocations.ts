/** Which tokens are no good any more though they have not expired: ended by what one of their claims names. */
import type { JWTPayload } from 'jose';

export interface RevocationOptions {
  /** Field of a message -> claim of a token: `sessionId` -> `sid`. */
  claims: Readonly<Record<string, string>>;
  /** How long a revocation is remembered: at least as long as a token lives. */
  keptMs: number;
  maxKept?: number;
}

/** What of a token can be revoked; kept with it, since the rest of its claims is not. */
export interface Revocable {
  /** Milliseconds since 1970. */
  issuedAt: number;
  /** Its values of the claims, as they are named here. */
  holders: readonly string[];
}

export interface Revocations {
  /** A message as it was published; false when it is none. */
  hear(message: string): boolean;
  of(claims: JWTPayload): Revocable;
  ended(revocable: Revocable): boolean;
  size(): number;
  /** How many have been heard: as long as it stays the same, nobody's token was ended. */
  heard(): number;
}

const MAX_KEPT = 100_000;
/** A clock that runs ahead by more than this is wrong, and must not lock anyone out. */
const AHEAD_MS = 60_000;
/** Whose tokens end by it may come again with newer ones; sessions and keys end for good. */
const COMES_AGAIN = 'sub';

interface Entry {
  at: number;
  comesAgain: boolean;
}

export function createRevocations(options: RevocationOptions, now: () => number = Date.now): Revocations {
  const { claims, keptMs, maxKept = MAX_KEPT } = options;
  /** In the order in which they were heard. */
  const entries = new Map<string, Entry>();
  const names = Object.values(claims);
  /** Tokens from before are all refused: raised when there is no room to tell them apart. */
  let floor = 0;
  let heard = 0;

  const forgetOld = (): void => {
    for (const [holder, { at }] of entries) {
      if (at + keptMs >= now() && entries.size <= maxKept) return;
      if (at + keptMs >= now()) floor = Math.max(floor, at);
      entries.delete(holder);
    }
  };

  return {
    hear: (message) => {
      const told = parse(message);
      const field = Object.keys(claims).find((name) => typeof told?.[name] === 'string');
      const named = typeof told?.at === 'string' ? Date.parse(told.at) : Number.NaN;
      if (!told || field === undefined || Number.isNaN(named)) return false;
      const at = Math.min(named, now() + AHEAD_MS);
      const claim = claims[field]!;
      const holder = holderOf(claim, told[field] as string);
      const known = entries.get(holder);
      entries.delete(holder);
      entries.set(holder, { at: Math.max(at, known?.at ?? 0), comesAgain: claim === COMES_AGAIN });
      forgetOld();
      heard++;
      return true;
    },
    of: (payload) => ({
      // A token that does not say when it was made was made before.
      issuedAt: typeof payload.iat === 'number' ? payload.iat * 1_000 : 0,
      holders: names.flatMap((claim) =>
        typeof payload[claim] === 'string' ? [holderOf(claim, payload[claim])] : [],
      ),
    }),
    ended: ({ issuedAt, holders }) =>
      issuedAt < floor ||
      holders.some((holder) => {
        const entry = entries.get(holder);
        return entry !== undefined && (!entry.comesAgain || issuedAt < entry.at);
      }),
    size: () => entries.size,
    heard: () => heard,
  };
}

function holderOf(claim: string, value: string): string {
  return `${claim} ${value}`;
}

function parse(message: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Somebody else's message on this channel; the caller says so.
    return undefined;
  }
}
