/** All named cases, by topic. */
import { chains } from './chains.ts';
import { clashes } from './clashes.ts';
import { conditions } from './conditions.ts';
import { fields } from './fields.ts';
import { fragments } from './fragments.ts';
import { introspection } from './introspection.ts';
import { media } from './media.ts';
import { mutations } from './mutations.ts';
import { nulls } from './nulls.ts';
import type { NamedCase } from './topic.ts';
import { values } from './values.ts';
import { variables } from './variables.ts';

export const CORPUS: Readonly<Record<string, readonly NamedCase[]>> = {
  fields,
  clashes,
  conditions,
  fragments,
  variables,
  mutations,
  introspection,
  chains,
  media,
  values,
  nulls,
};
