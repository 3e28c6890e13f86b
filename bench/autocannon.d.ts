/** What of autocannon the benchmarks use; it brings no types. */
declare module 'autocannon' {
  interface Options {
    url: string;
    method: 'POST';
    headers: Record<string, string>;
    body: string;
    connections: number;
    duration: number;
    /** A response with another body counts as a mismatch. */
    expectBody?: string;
  }
  interface Result {
    latency: { p50: number; p97_5: number; p99: number };
    requests: { average: number; total: number };
    /** In bytes. */
    throughput: { total: number };
    /** In seconds. */
    duration: number;
    non2xx: number;
    errors: number;
    mismatches: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
