/** An operation whose results are streamed: `accept: text/event-stream` (GraphQL over SSE, distinct connections). */
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '@souk/kit/http/handler';
import { JSON_TYPE } from '@souk/kit/http/media-types';
import type { Admission, Guard } from '../policy/guard.ts';
import type { Refusal } from '../refusal.ts';
import type { Connection, Connections } from '../sockets/connections.ts';
import type { Departure, Farewell } from '../sockets/farewells.ts';
import type { SocketMetrics } from '../sockets/metrics.ts';
import type { Begun, Operations } from '../sockets/operations.ts';
import type { SocketOptions } from '../sockets/options.ts';
import { refuseEntry, slowConsumer, tokenIsOver } from '../sockets/refusals.ts';
import type { Sink } from '../subscribe/subscriptions.ts';
import type { Trail } from '../trail.ts';
import { COMMENT, COMPLETE, createNextChunks, errorsChunk, type nextChunk } from './event-chunks.ts';
import type { Params } from './read-params.ts';
import { respondWithRefusal } from './respond.ts';

export const EVENT_STREAM = 'text/event-stream';

export interface EventStreamsOptions {
  guard: Pick<Guard, 'networkOf'>;
  connections: Connections;
  operations: Operations;
  limits: SocketOptions;
  metrics: SocketMetrics;
}

export type StreamEvents = (
  request: HttpRequest,
  params: Params,
  admitted: Admission & { ok: true },
  trail: Trail,
) => Promise<HttpResponse>;

const HEADERS = {
  'content-type': `${EVENT_STREAM}; charset=utf-8`,
  'cache-control': 'no-store',
  vary: 'accept',
  'x-content-type-options': 'nosniff',
  // For nginx, which else keeps events until it has enough of them.
  'x-accel-buffering': 'no',
  // When the process stops, an idle connection would keep it from ending.
  connection: 'close',
};

export function createEventStreams(options: EventStreamsOptions): StreamEvents {
  const { guard, connections, operations, metrics } = options;
  const chunkOf = createNextChunks();
  const refuse = (refusal: Refusal, trail: Trail) => {
    trail.errors.push(refusal.code);
    return respondWithRefusal(refusal, JSON_TYPE);
  };

  return async (request, params, { viewer, pass }, trail) => {
    const network = guard.networkOf(request);
    const noRoom = connections.roomFor(network);
    if (noRoom) return refuse(refuseEntry(noRoom), trail);
    const { connection, stream, sink, begun } = createEventStream(
      { ...options, chunkOf },
      trail.requestId,
      network,
    );
    connections.add(connection);
    try {
      if (!connections.identify(connection, viewer, pass)) {
        stream.destroy();
        return refuse(refuseEntry('viewer'), trail);
      }
      const after = request.headers['last-event-id'] || params.after;
      if (after !== undefined) metrics.resumed();
      begun(await operations.begin({ params: { ...params, after }, viewer, request, sink, trail }), trail);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return { status: 200, headers: { ...HEADERS }, body: '', stream };
  };
}

interface EventStream {
  connection: Connection;
  stream: Readable;
  sink: Sink;
  /** What came of the operation; the client may have gone meanwhile. */
  begun(outcome: Begun | Refusal, trail: Trail): void;
}

function createEventStream(
  { connections, limits, metrics, chunkOf }: EventStreamsOptions & { chunkOf: typeof nextChunk },
  requestId: string,
  network: string | undefined,
): EventStream {
  const stream = new Readable({ read: () => {} });
  let why: Farewell | Departure = 'left';
  let [spokeAt, endedAt] = [performance.now(), 0];
  let cursor: string | undefined;
  let leave = () => {};
  let [isFollowing, isDeparting] = [false, false];

  const write = (chunk: Buffer): void => {
    if (endedAt > 0 || stream.destroyed) return;
    spokeAt = performance.now();
    stream.push(chunk);
    connection.sent.frames++;
    connection.sent.bytes += chunk.length;
    metrics.sent('sse', chunk.length);
  };
  const finish = (...last: Buffer[]): void => {
    for (const chunk of last) write(chunk);
    if (endedAt === 0) stream.push(null);
    endedAt ||= performance.now();
  };

  const connection: Connection = {
    transport: 'sse',
    requestId,
    since: performance.now(),
    network,
    isWarned: false,
    sent: { frames: 0, bytes: 0 },
    operations: 1,
    end: (farewell) => {
      if (endedAt > 0) return;
      why = farewell;
      leave();
      if (farewell === 'slow consumer') finish(errorsChunk([slowConsumer(cursor)]), COMPLETE);
      else if (farewell === 'token expired' || farewell === 'token revoked') {
        finish(errorsChunk([tokenIsOver(farewell)]), COMPLETE);
      } else {
        // Not complete: its client comes back.
        finish();
      }
    },
    // There is no way back on which it could be renewed.
    warn: () => {},
    look: (now) => {
      if (endedAt === 0) {
        if (now - spokeAt > limits.pingEveryMs) write(COMMENT);
      } else if (now - endedAt > limits.closeWithinMs) {
        // With an error, or the pipe would wait for the end of what nobody takes.
        stream.destroy(new Error('The client does not read'));
      }
    },
    depart: () => {
      isDeparting = true;
      // A subscription is resumed elsewhere; an answer would be lost.
      if (isFollowing) connection.end('stopping');
    },
  };

  stream.on('close', () => {
    endedAt ||= performance.now();
    leave();
    connections.remove(connection, why);
  });
  // A client that goes away is no fault of ours.
  stream.on('error', () => {});
  write(COMMENT);

  return {
    connection,
    stream,
    sink: {
      next: (payload, at) => {
        if (endedAt > 0) return;
        if (stream.readableLength > limits.maxBufferedBytes) return connection.end('slow consumer');
        write(chunkOf(payload, at));
        cursor = at ?? cursor;
      },
      end: (errors) => finish(...(errors ? [errorsChunk(errors)] : []), COMPLETE),
    },
    begun: (outcome, trail) => {
      if (outcome.ok) {
        leave = outcome.leave;
        isFollowing = outcome.subscription !== undefined;
        if (stream.destroyed || endedAt > 0) leave();
        else if (isDeparting) connection.depart();
        return;
      }
      trail.errors.push(outcome.code);
      finish(errorsChunk(outcome.errors), COMPLETE);
    },
  };
}
