/**
 * Attributes in memory: every product page reads a handful of them, and staff seldom edit one. This process knows its own
 * edits at once, and those of other processes with the next renewal. Attributes are never deleted.
 */
import type { AttributeDocument } from './attribute-document.ts';
import { firstAttributes } from './attributes.ts';
import type { Collections } from './collections.ts';

/** A shop has a few dozen; what is beyond is read when it is needed. */
const MAX_KEPT = 1_000;

export interface AttributeBook {
  find(code: string): AttributeDocument | undefined;
  remember(attribute: AttributeDocument): void;
  renew(): Promise<void>;
}

export function createAttributeBook(collections: Pick<Collections, 'attributes'>): AttributeBook {
  const byCode = new Map<string, AttributeDocument>();
  const remember = (attribute: AttributeDocument) => {
    const known = byCode.get(attribute._id);
    if (known ? known.version < attribute.version : byCode.size < MAX_KEPT)
      byCode.set(attribute._id, attribute);
  };
  return {
    find: (code) => byCode.get(code),
    remember,
    renew: async () => {
      for (const attribute of await firstAttributes(collections, MAX_KEPT)) remember(attribute);
    },
  };
}
