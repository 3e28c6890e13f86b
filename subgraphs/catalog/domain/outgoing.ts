import { timeOfId } from '@souk/kit/ids';
import { type CatalogEvent, EVENT_VERSIONS, type OutgoingEvent } from '../events.ts';
import type { Actor, Services } from './services.ts';

/** An event as it is stored beside the change that it tells of. */
export function outgoing(
  { newId }: Pick<Services, 'newId'>,
  actor: Actor,
  event: CatalogEvent,
): OutgoingEvent {
  const id = newId('evt');
  return {
    ...event,
    id,
    version: EVENT_VERSIONS[event.type],
    occurredAt: new Date(timeOfId(id)),
    ...(actor.requestId === undefined ? {} : { requestId: actor.requestId }),
  };
}
