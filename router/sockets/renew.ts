/**
 * A client renews its token on the socket that it has: `{"type":"ping","payload":{"authorization":"Bearer …"}}`. What it
 * follows goes on; where the new token permits less, what needed more ends, and where it permits otherwise, what runs is
 * asked for anew, from its last cursor.
 */
import { MessageType } from 'graphql-ws';
import type { Holder } from '../policy/claims.ts';
import type { Guard } from '../policy/guard.ts';
import { refusalOf } from '../policy/rules.ts';
import { permissionsOf } from '../policy/viewer.ts';
import { type RefusalError, UNAUTHORIZED } from '../refusal.ts';
import type { Connections } from './connections.ts';
import { plainMessage } from './messages.ts';
import type { SocketMetrics } from './metrics.ts';
import type { RunOnSocket } from './run.ts';
import type { Running, Socket, Subscription } from './socket.ts';

export type Renew = (socket: Socket, authorization: string) => Promise<void>;

export interface RenewOptions {
  guard: Pick<Guard, 'admit'>;
  connections: Connections;
  metrics: SocketMetrics;
  runAgain: RunOnSocket['runAgain'];
}

export function createRenew({ guard, connections, metrics, runAgain }: RenewOptions): Renew {
  return async (socket, authorization) => {
    if (socket.stage !== 'ready') return socket.close('not initialised');
    const request = { ...socket.request, headers: { ...socket.request.headers, authorization } };
    const admitted = await guard.admit(request, 1);
    if (socket.stage !== 'ready') return;
    if (!admitted.ok) {
      metrics.renewed('refused');
      // The token that it has still holds, and the client may try again until that one expires.
      const { code, errors } = admitted;
      const { message } = errors[0]!;
      return socket.send(plainMessage(MessageType.Pong, { authorization: 'refused', code, message }));
    }
    const { viewer, pass } = admitted;
    const before = socket.viewer!;
    if (!isSameCaller(before, viewer)) {
      metrics.renewed('refused');
      return socket.close('another viewer');
    }
    socket.request = request;
    connections.identify(socket, viewer, pass);
    metrics.renewed('renewed');
    const expiresAt = pass && new Date(pass.until).toISOString();
    socket.send(plainMessage(MessageType.Pong, { authorization: 'renewed', expiresAt }));
    if (permitsTheSame(before, viewer)) return;
    await Promise.all([...socket.running.values()].map((running) => judge(socket, running, before)));
  };

  async function judge(socket: Socket, running: Running, before: Holder): Promise<void> {
    if (running.subscription === undefined) return;
    const lost = lostBy(running.subscription, before, socket.viewer!);
    if (lost.length > 0) {
      running.leave();
      return socket.fail(running, lost);
    }
    await runAgain(socket, running, running.subscription);
  }
}

function isSameCaller(one: Holder, other: Holder): boolean {
  return one.userId === other.userId && one.apiKeyId === other.apiKeyId;
}

function permitsTheSame(one: Holder, other: Holder): boolean {
  const text = ({ scopes, roles = [], policies = [] }: Holder) =>
    JSON.stringify([scopes, roles, policies].map((names) => [...names].sort()));
  return text(one) === text(other);
}

/** What of its selection the viewer could read before and may not read now. */
function lostBy({ operation }: Subscription, before: Holder, now: Holder): RefusalError[] {
  const withheldFrom = (viewer: Holder) =>
    [...operation.forViewer(permissionsOf(viewer)).withheld.values()].map(({ rule }) => rule);
  const had = new Set(withheldFrom(before));
  const lost = new Set(withheldFrom(now).filter((rule) => !had.has(rule)));
  return [...lost].map((rule) => ({
    message: refusalOf(rule, permissionsOf(now)),
    extensions: { code: UNAUTHORIZED },
  }));
}
