/** What Prometheus is told of the router. Labels come from closed sets, so that no client can make them grow. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CircuitState } from './execute/breaker.ts';
import type { Queue } from './http/queue.ts';
import type { Trail } from './trail.ts';

export interface RouterMetrics {
  registry: Registry;
  observe(trail: Trail, status: number, seconds: number): void;
  supergraphRead(outcome: 'served' | 'refused'): void;
  /** The reason comes from a closed set. */
  fellBack(reason: string): void;
  circuit(subgraph: string, state: CircuitState): void;
  /** The registered ones: each has a label of its own, and no other has. */
  knowOperations(names: ReadonlySet<string>): void;
  /** Asked whenever the figures are read. */
  watchQueue(queue: Queue): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CIRCUIT: Record<CircuitState, number> = { closed: 0, 'half-open': 1, open: 2 };
/** No label of a name: names have no brackets. */
const NONE = '(none)';
const COST = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000];
/** Where none are registered, names come from clients: the first so many have a label of their own. */
const MAX_OPERATION_NAMES = 200;

export function createRouterMetrics(service = 'router'): RouterMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  const names = new Set<string>();
  let registered: ReadonlySet<string> = new Set();
  const requests = new Histogram({
    name: 'souk_router_request_duration_seconds',
    help: 'Time from a request to its answer, by the name of its operation',
    labelNames: ['operation', 'kind', 'status'] as const,
    buckets: SECONDS,
    registers,
  });
  const fetches = new Histogram({
    name: 'souk_router_subgraph_duration_seconds',
    help: 'Time that a subgraph took to answer, by what came of it',
    labelNames: ['subgraph', 'outcome'] as const,
    buckets: SECONDS,
    registers,
  });
  const errors = new Counter({
    name: 'souk_router_errors_total',
    help: 'Errors that clients were told, by the name of their operation and by code',
    labelNames: ['operation', 'code'] as const,
    registers,
  });
  const cost = new Histogram({
    name: 'souk_router_operation_cost',
    help: 'What operations were estimated to cost before they ran',
    labelNames: ['operation'] as const,
    buckets: COST,
    registers,
  });
  const plans = new Histogram({
    name: 'souk_router_plan_duration_seconds',
    help: 'Time that planning and compiling took for operations that were not kept',
    buckets: SECONDS,
    registers,
  });
  const kept = new Counter({
    name: 'souk_router_plans_kept_total',
    help: 'Operations whose plan was there',
    registers,
  });
  const withheld = new Counter({
    name: 'souk_router_withheld_fields_total',
    help: 'Fields that were taken out of operations because their viewer may not read them',
    registers,
  });
  const supergraphs = new Counter({
    name: 'souk_router_supergraphs_total',
    help: 'Supergraphs that were read, by what came of it',
    labelNames: ['outcome'] as const,
    registers,
  });
  const since = new Gauge({
    name: 'souk_router_supergraph_since_seconds',
    help: 'When the supergraph that is served was taken over, in seconds since 1970',
    registers,
  });
  const circuits = new Gauge({
    name: 'souk_router_circuit_state',
    help: 'Whether a subgraph is asked: 0 it is, 1 one request tries, 2 it is left alone',
    labelNames: ['subgraph'] as const,
    registers,
  });
  const fallbacks = new Counter({
    name: 'souk_router_executor_fallbacks_total',
    help: 'Operations that ran on the reference executor, by why they could not be compiled',
    labelNames: ['reason'] as const,
    registers,
  });
  let queue: Queue | undefined;
  new Gauge({
    name: 'souk_router_requests',
    help: 'GraphQL requests that run, and that wait for their turn',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const { running, waiting } = queue?.size() ?? { running: 0, waiting: 0 };
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });

  const labelOf = (operation: Trail['operation']): string => {
    if (!operation) return NONE;
    const { name, kind } = operation;
    if (kind === 'batch') return '(batch)';
    if (name === undefined) return '(unnamed)';
    if (registered.size > 0) return registered.has(name) ? name : '(other)';
    if (names.size < MAX_OPERATION_NAMES) names.add(name);
    return names.has(name) ? name : '(other)';
  };
  const codes = new Set<string>();
  const codeLabelOf = (code: string): string => {
    if (codes.size < MAX_OPERATION_NAMES) codes.add(code);
    return codes.has(code) ? code : '(other)';
  };

  return {
    registry,
    observe: (trail, status, seconds) => {
      const operation = labelOf(trail.operation);
      const kind = trail.operation?.kind ?? NONE;
      requests.observe({ operation, kind, status }, seconds);
      for (const { subgraph, outcome, seconds: taken } of trail.fetches) {
        fetches.observe({ subgraph, outcome }, taken);
      }
      for (const code of trail.errors) errors.inc({ operation, code: codeLabelOf(code) });
      if (trail.cost !== undefined) cost.observe({ operation }, trail.cost);
      if (trail.plan?.isKept) kept.inc();
      else if (trail.plan) plans.observe(trail.plan.seconds);
      if (trail.withheld > 0) withheld.inc(trail.withheld);
    },
    supergraphRead: (outcome) => {
      supergraphs.inc({ outcome });
      if (outcome === 'served') since.setToCurrentTime();
    },
    fellBack: (reason) => fallbacks.inc({ reason }),
    circuit: (subgraph, state) => circuits.set({ subgraph }, CIRCUIT[state]),
    knowOperations: (known) => {
      registered = known;
    },
    watchQueue: (watched) => {
      queue = watched;
    },
  };
}
