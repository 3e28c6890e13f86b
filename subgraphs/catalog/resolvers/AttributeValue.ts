import type { AttributeValueResolvers } from '../generated/resolver-types.ts';

export const AttributeValue: AttributeValueResolvers = {
  attribute: async ({ code }, _, { loaders, services }) => {
    const attribute = services.attributes.find(code) ?? (await loaders.attributes.load(code));
    // Attributes are never deleted.
    if (!attribute) throw new Error(`a product carries the attribute ${code}, which is not there`);
    return attribute;
  },
};
