/** The panel that shows how the last operation was run: a tree of fetches, each below the one that it waited for. */
import './plan.css';
import { parse, print } from 'graphql';
import { useSyncExternalStore } from 'react';
import { currentPlan, subscribe } from './plan-fetcher.js';

function PlanIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <rect x="3" y="3" width="7" height="5" rx="1" />
      <rect x="14" y="9.5" width="7" height="5" rx="1" />
      <rect x="14" y="16" width="7" height="5" rx="1" />
      <path d="M6.5 8v10.5H14M6.5 12H14" />
    </svg>
  );
}

function Plan() {
  const plan = useSyncExternalStore(subscribe, currentPlan);
  return (
    <section className="plan" aria-label="Query plan">
      <header className="plan-title">Query plan</header>
      {plan === undefined && (
        <p>Run an operation to see which subgraph was asked for what, and how long it took.</p>
      )}
      {plan === null && (
        <p>
          The router does not tell how it ran this one. It does in development: start it with{' '}
          <code>ROUTER_DEVELOPMENT=on</code>.
        </p>
      )}
      {plan === 'live' && (
        <p>This is a subscription: it runs once for each event, and is not measured here.</p>
      )}
      {plan === 'refused' && <p>The operation was refused before anything was asked.</p>}
      {plan?.fetches && <Tree plan={plan} />}
    </section>
  );
}

function Tree({ plan: { isKept, planMs, fetches } }) {
  const total = Math.max(0.1, ...fetches.map(({ startMs = 0, ms = 0 }) => startMs + ms));
  const asked = fetches.filter(({ ms }) => ms !== undefined).length;
  return (
    <>
      <p>
        {asked === 0
          ? 'No subgraph was asked.'
          : `${asked} ${asked === 1 ? 'fetch' : 'fetches'} in ${milliseconds(total)}.`}{' '}
        {isKept ? 'The plan was there.' : `Planned in ${milliseconds(planMs)}; it is kept.`}
      </p>
      <Fetches fetches={fetches} parent={-1} total={total} />
    </>
  );
}

function Fetches({ fetches, parent, total }) {
  const own = fetches.flatMap((fetch, index) =>
    (fetch.waitsFor.at(-1) ?? -1) === parent ? [{ fetch, index }] : [],
  );
  if (own.length === 0) return null;
  return (
    <ul className="plan-fetches">
      {own.map(({ fetch, index }) => (
        <li key={index}>
          <Fetch fetch={fetch} total={total} />
          <Fetches fetches={fetches} parent={index} total={total} />
        </li>
      ))}
    </ul>
  );
}

function Fetch({ fetch: { subgraph, operation, paths, outcome, startMs, ms }, total }) {
  const isWell = outcome === 'ok';
  return (
    <details className={isWell || outcome === undefined ? 'plan-fetch' : 'plan-fetch plan-fetch-ill'}>
      <summary>
        <span className="plan-subgraph">{subgraph}</span>
        <span className="plan-paths">{paths.length > 0 ? paths.join(', ') : 'root fields'}</span>
        {!isWell && <span className="plan-outcome">{outcome ?? 'not needed'}</span>}
        {ms !== undefined && <span className="plan-ms">{milliseconds(ms)}</span>}
        <span className="plan-track" aria-hidden="true">
          {ms !== undefined && (
            <span
              className="plan-bar"
              style={{ marginLeft: percent(startMs, total), width: percent(ms, total) }}
            />
          )}
        </span>
      </summary>
      <pre>{indented(operation)}</pre>
    </details>
  );
}

const milliseconds = (ms) => `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
const percent = (part, total) => `${((100 * part) / total).toFixed(1)}%`;

/** Planners write one line. */
function indented(text) {
  try {
    return print(parse(text));
  } catch {
    // Whatever it is, it is what was sent.
    return text;
  }
}

export const PLAN_PLUGIN = { title: 'Query plan', icon: PlanIcon, content: Plan };
