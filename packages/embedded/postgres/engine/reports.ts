/** Lets Postgres greet a client once, which makes it report its settings from then on. */
import { int32 } from '../wire/messages.ts';
import type { Backend } from './backend.ts';
import { outputFilter, type Reports } from './output-filter.ts';
import type { PostgresModule } from './postgres-module.ts';
import { newSession } from './session.ts';

const PROTOCOL_3 = 196608;

export function startReports(module: PostgresModule, backend: Backend): Reports {
  const reports: Reports = { values: new Map(), version: 0 };
  const parameters = Buffer.from(
    ['user', 'souk', 'database', 'souk', ''].map((text) => `${text}\0`).join(''),
  );
  const packet = Buffer.concat([int32(8 + parameters.length), int32(PROTOCOL_3), parameters]);
  let left: Buffer | undefined = packet;
  const greeting: Buffer[] = [];
  const conversation = {
    next: () => {
      const all = left;
      left = undefined;
      return all;
    },
    more: () => left !== undefined,
    answer: (piece: Buffer) => {
      greeting.push(Buffer.from(piece));
    },
  };
  const greeted = backend.attempt(conversation, () => {
    module._ProcessStartupPacket(module._pgl_getMyProcPort(), 1, 1);
    module._pgl_sendConnData();
  });
  outputFilter(newSession(0, []), reports).pass(Buffer.concat(greeting));
  if (!greeted || reports.values.size === 0) throw new Error('PGlite does not greet as expected');
  return reports;
}
