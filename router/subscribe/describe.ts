/** What a client subscribes to, and with whom it may share it: judged as a query would be, before anything is asked. */
import { type Allowed, allow } from '../operation/run.ts';
import type { Served } from '../operation/served.ts';
import { type Refusal, refuseOperation } from '../refusal.ts';
import { newTrail } from '../trail.ts';
import type { SubscribeCall } from './calls.ts';
import type { createPlainDocuments } from './document.ts';
import { type Audience, everybody, oneViewer, sharingKey } from './sharing.ts';

export interface DescribeOptions {
  unauthorized: 'null' | 'refuse';
  introspection: boolean;
  maxCost: number;
  forwardHeaders: readonly string[];
  plainDocumentOf: ReturnType<typeof createPlainDocuments>;
  /** Whether the subgraph wants to know who asks, though the field says that it tells everybody the same. */
  isRefusedToEverybody(key: string): boolean;
}

export interface Described {
  ok: true;
  name: string | undefined;
  hash: string;
  allowed: Allowed;
  /** Where the client starts. */
  after: string | undefined;
  key: string;
  audience: Audience;
}

export function describe(
  options: DescribeOptions,
  served: Served,
  { params, viewer, request, requestId, after }: Omit<SubscribeCall, 'sink'>,
): Described | Refusal {
  const found = served.documents.operation(params.query, params.operationName);
  if (!found.ok) return found;
  const { definition, hash, isGuarded } = found.operation;
  if (definition.operation !== 'subscription') {
    return refuseOperation('BAD_REQUEST', `This is a ${definition.operation}, not a subscription`);
  }
  const trail = newTrail(requestId);
  const allowed = allow(options, served, found.operation, { request, params, viewer, trail });
  if (!allowed.ok) return allowed;
  const { variables } = allowed;
  const { schema, sharedFields } = served.supergraph;
  // As the client sent it: of two that differ in what is withheld, the same may be left.
  const plain = options.plainDocumentOf(found.operation.document, definition, schema);
  const own = Object.fromEntries(
    Object.entries(variables).filter(([variable]) => variable !== plain.cursorVariable),
  );
  const described = {
    ok: true,
    name: definition.name?.value,
    hash,
    allowed,
    after: after ?? plain.afterIn(variables),
  } as const;
  if (sharedFields.has(plain.field) && !isGuarded) {
    const audience = everybody(request, options.forwardHeaders);
    const key = sharingKey(plain.text, own, audience);
    if (!options.isRefusedToEverybody(key)) return { ...described, key, audience };
  }
  const audience = oneViewer(viewer, request, options.forwardHeaders);
  return { ...described, key: sharingKey(plain.text, own, audience), audience };
}
