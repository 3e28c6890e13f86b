/** What `npm start` tells whoever reads along. */
import type { Store } from '@souk/kit/observe/request-scope';
import type { LoadOutcome } from '../demo/load.ts';
import { demoSignIns } from '../demo/sign-ins.ts';

const STORE_NAMES: Record<Store, string> = { postgres: 'PostgreSQL', mongodb: 'MongoDB', redis: 'Redis' };

export function startingText(embedded: readonly Store[], dataDir: string): string {
  const names = embedded.map((store) => STORE_NAMES[store]);
  return `Starting the embedded ${new Intl.ListFormat('en').format(names)}; data in ${dataDir}\n`;
}

export function crashText(message: string): string {
  return `An embedded server died: ${message}\nWhat it acknowledged is on disk; start again to go on.\n`;
}

export const DEMO_REMAINS =
  'warning: the demo shop was loaded into these databases once, and its sign-ins are public; begin with empty ones\n';

const LOADED: Record<LoadOutcome, (seconds: number) => string> = {
  loaded: (seconds) => `The demo shop is loaded (${seconds.toFixed(1)} s)\n`,
  'was loaded': () => '',
  kept: () =>
    'The catalog has something in it already, so the demo shop was not loaded; SOUK_SEED=none says so for good\n',
};

export function loadedText(outcome: LoadOutcome, seconds: number): string {
  return LOADED[outcome](seconds);
}

/** The last line is what scripts wait for. `busiest`: where simulated people do most. */
export function readyText(
  at: { url: string; metricsUrl?: string },
  hasSignIns: boolean,
  busiest?: { id: string; title: string },
): string {
  const lines = ['', `GraphQL and its explorer   ${at.url}/graphql`];
  if (at.metricsUrl !== undefined) lines.push(`Metrics                    ${at.metricsUrl}`);
  if (hasSignIns) lines.push('', 'Sign in to the demo shop as', ...signInLines());
  if (busiest) lines.push('', ...livelyLines(busiest));
  return `${lines.join('\n')}\n\nSouk is ready\n`;
}

function livelyLines({ id, title }: { id: string; title: string }): string[] {
  const fields = 'cursor review { stars title author { displayName } } product { rating { average count } }';
  return [
    'Simulated people write reviews and edit products, something every second or two.',
    'To watch, paste this into the explorer and press play; a review comes every ten seconds or so:',
    `  subscription { reviewPublished(productId: "${id}") { ${fields} } }`,
    `It follows one product, ${title}, which is talked about most. README.md, "Dashboards", goes on from there.`,
  ];
}

function signInLines(): string[] {
  const widthOf = (key: 'is' | 'email') => Math.max(...demoSignIns.map((signIn) => signIn[key].length));
  const [is, email] = [widthOf('is'), widthOf('email')];
  return demoSignIns.map(
    (signIn) => `  ${signIn.is.padEnd(is)}  ${signIn.email.padEnd(email)}  ${signIn.password}`,
  );
}
