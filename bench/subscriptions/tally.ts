/** What each client heard: every event once and in order, or which not; and how late. */

export interface Counts {
  received: number;
  lost: number;
  doubled: number;
  reordered: number;
  /** Clients that have the last of the window already. */
  finished: number;
  /** How many events arrived within so many milliseconds of their publication: `lateness[12]` within the 13th. */
  lateness: number[];
}

export interface Tally {
  heard(client: number, seq: number, lateUs: number): void;
  /** Clients that have heard anything so far. */
  hearing(): number;
  /** Events from one number to another, both included; lateness is of these alone. */
  window(from: number): void;
  counts(from: number, to: number): Counts;
}

/** More events than a run has. */
const MOST_EVENTS = 16_384;
const LATEST_MS = 60_000;

export function createTally(clients: number): Tally {
  const times = Array.from({ length: clients }, () => new Uint8Array(MOST_EVENTS));
  const last = new Uint32Array(clients);
  const disorder: number[] = [];
  let lateness = new Uint32Array(LATEST_MS);
  let windowFrom = Number.POSITIVE_INFINITY;
  let hearing = 0;
  return {
    hearing: () => hearing,
    window: (from) => {
      windowFrom = from;
      lateness = new Uint32Array(LATEST_MS);
    },
    heard: (client, seq, lateUs) => {
      if (last[client] === 0) hearing++;
      const isFirst = times[client]![seq]!++ === 0;
      if (isFirst && seq < last[client]!) disorder.push(seq);
      if (seq > last[client]!) last[client] = seq;
      if (seq >= windowFrom) lateness[Math.min(LATEST_MS - 1, Math.max(0, Math.floor(lateUs / 1_000)))]!++;
    },
    counts: (from, to) => {
      const counts: Counts = { received: 0, lost: 0, doubled: 0, reordered: 0, finished: 0, lateness: [] };
      for (const [client, heard] of times.entries()) {
        for (let seq = from; seq <= to; seq++) {
          const count = heard[seq]!;
          counts.received += count;
          if (count === 0) counts.lost++;
          else counts.doubled += count - 1;
        }
        if (last[client]! >= to) counts.finished++;
      }
      counts.reordered = disorder.filter((seq) => seq >= from && seq <= to).length;
      counts.lateness = [...lateness];
      return counts;
    },
  };
}

/** Several load processes as one. */
export function sum(all: readonly Counts[]): Counts {
  const total = (figure: Exclude<keyof Counts, 'lateness'>) => all.reduce((so, one) => so + one[figure], 0);
  const lateness = Array.from({ length: LATEST_MS }, (_, ms) =>
    all.reduce((so, one) => so + one.lateness[ms]!, 0),
  );
  return {
    received: total('received'),
    lost: total('lost'),
    doubled: total('doubled'),
    reordered: total('reordered'),
    finished: total('finished'),
    lateness,
  };
}

/** In milliseconds; nothing when nothing arrived. */
export function percentile(lateness: readonly number[], share: number): number | undefined {
  const all = lateness.reduce((so, one) => so + one, 0);
  let left = all * share;
  for (const [ms, count] of lateness.entries()) {
    left -= count;
    if (left <= 0 && all > 0) return ms + 1;
  }
  return undefined;
}
