import { stampEvent } from '@souk/kit/events/events';
import { type CatalogEvent, catalogEvents, type OutgoingEvent } from '../events.ts';
import type { Actor, Services } from './services.ts';

/** An event as it is stored beside the change that it tells of. */
export function outgoing(
  { newId }: Pick<Services, 'newId'>,
  actor: Actor,
  event: CatalogEvent,
): OutgoingEvent {
  return stampEvent(catalogEvents, newId, event, actor.requestId);
}
