/** What clients see of the supergraph, for codegen: without the join directives and without what is @inaccessible. */
import { readFileSync } from 'node:fs';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';

/** @param {string} file the composed supergraph */
export default function loadApiSchema(file) {
  const supergraph = Supergraph.build(readFileSync(file, 'utf8'), {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  return supergraph.apiSchema().toGraphQLJSSchema();
}
