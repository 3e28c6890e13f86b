/** A subgraph in the same process: the same request, headers and signature, without a socket. */
import type { Handler } from '@souk/kit/http/handler';
import type { GiveUp } from './give-up.ts';
import { SUBGRAPH_HEADERS, type Transport } from './transport.ts';

export function createHandlerTransport(handler: Handler, maxAnswerBytes: number): Transport {
  return {
    send: async ({ body, headers, giveUp }) => {
      try {
        const answer = handler({
          method: 'POST',
          path: '/graphql',
          query: '',
          headers: { ...SUBGRAPH_HEADERS, ...headers },
          body,
          get signal() {
            return giveUp.signal;
          },
        });
        const response = await Promise.race([answer, aborted(giveUp)]);
        if (response === 'aborted') return { ok: false, fault: 'cancelled', detail: 'gave up waiting' };
        if (Buffer.byteLength(response.body) > maxAnswerBytes) {
          return { ok: false, fault: 'too large', detail: `more than ${maxAnswerBytes} bytes` };
        }
        return { ok: true, status: response.status, body: response.body };
      } catch (error) {
        // A handler answers its own faults; one that throws is as good as not there.
        return { ok: false, fault: 'unreachable', detail: (error as Error).message };
      }
    },
    close: async () => {},
  };
}

function aborted(giveUp: GiveUp): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (giveUp.aborted) resolve('aborted');
    else giveUp.addEventListener('abort', () => resolve('aborted'));
  });
}
