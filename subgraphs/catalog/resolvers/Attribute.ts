import type { AttributeResolvers } from '../generated/resolver-types.ts';

export const Attribute: AttributeResolvers = {
  __resolveReference: async ({ code }, { loaders }) => (await loaders.attributes.load(code)) ?? null,
  code: ({ _id }) => _id,
};
