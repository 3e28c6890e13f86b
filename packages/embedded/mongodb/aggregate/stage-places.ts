// Which stages may stand where.
import { location, MongoError } from '../errors.ts';
import type { Place } from './stage.ts';

const UPDATING = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);
/** These bring their own documents, so nothing can come before them. */
const SOURCES = new Set([
  '$collStats',
  '$indexStats',
  '$documents',
  '$currentOp',
  '$geoNear',
  '$planCacheStats',
  '$listSessions',
  '$listLocalSessions',
]);
const WRITING = new Set(['$out', '$merge']);
const NOT_IN_FACET = new Set([
  ...SOURCES,
  ...WRITING,
  '$facet',
  '$changeStream',
  '$search',
  '$searchMeta',
  '$vectorSearch',
]);

export function checkPlace(name: string, index: number, place: Place): void {
  if (place === 'update' && !UPDATING.has(name)) {
    throw new MongoError(72, 'InvalidOptions', `${name} is not allowed to be used within an update`);
  }
  if (place === 'facet' && NOT_IN_FACET.has(name)) {
    throw location(40600, `${name} is not allowed to be used within a $facet stage`);
  }
  if (place === 'lookup' && WRITING.has(name)) {
    throw location(51047, `${name} is not allowed within a $lookup's sub-pipeline`);
  }
  if (place === 'union' && WRITING.has(name)) {
    throw location(31441, `${name} is not allowed within a $unionWith's sub-pipeline`);
  }
  if (index > 0 && SOURCES.has(name)) {
    throw location(40602, `${name} is only valid as the first stage in a pipeline.`);
  }
}
