import type { Codes } from './code.ts';

export const compositionCodes: Codes = {
  COMPOSITION_ERROR: {
    area: 'composition',
    level: 'breaking',
    title: 'Head does not compose',
    explain:
      'The composer’s own code and message say what is wrong.\nSee https://www.apollographql.com/docs/graphos/reference/federation/errors for all of them.',
  },
  COMPOSITION_WARNING: {
    area: 'composition',
    level: 'risky',
    title: 'The composer warns',
    explain:
      'Head composes, and the composer sees something that is most often a mistake.\nOnly warnings that base did not have are told.',
  },
  COMPOSITION_HINT: {
    area: 'composition',
    level: 'safe',
    title: 'The composer remarks',
    explain: 'Head composes, and the composer has a remark that base did not have.',
  },
  BASE_DOES_NOT_COMPOSE: {
    area: 'composition',
    level: 'risky',
    title: 'Base does not compose',
    explain:
      'There is nothing to compare head with: changes, impact and costs before are not known.\nReview against a base that composes.',
  },
  SATISFIABILITY_ERROR: {
    area: 'composition',
    level: 'breaking',
    title: 'A query that clients may write cannot be answered',
    explain:
      'The path is the one that a query would take; where it ends, no subgraph can go on.\nGive the type a @key that both subgraphs resolve, or serve the field where the path ends (@shareable).',
  },
  INVALID_FIELD_SHARING: {
    area: 'composition',
    level: 'breaking',
    title: 'Two subgraphs serve a field without saying so',
    explain:
      'A field has one owner, unless all who serve it mark it @shareable and answer alike.\nMark it everywhere, or let others have it @external.',
  },
  FIELD_TYPE_MISMATCH: {
    area: 'composition',
    level: 'breaking',
    title: 'A field has different types',
    explain: 'Subgraphs that share a field must agree on its type.\nGive it the same everywhere.',
  },
  FIELD_ARGUMENT_TYPE_MISMATCH: {
    area: 'composition',
    level: 'breaking',
    title: 'An argument has different types',
    explain: 'Subgraphs that share a field must agree on its arguments.\nGive it the same type everywhere.',
  },
  EXTERNAL_MISSING_ON_BASE: {
    area: 'composition',
    level: 'breaking',
    title: 'An @external field has no owner',
    explain:
      '@external says that another subgraph defines the field, and none does.\nDefine it there, or take it away here.',
  },
  EXTERNAL_UNUSED: {
    area: 'composition',
    level: 'breaking',
    title: 'An @external field is not used',
    explain: 'It is there for @key, @requires or @provides alone, and none of them names it.\nTake it away.',
  },
  KEY_INVALID_FIELDS: {
    area: 'composition',
    level: 'breaking',
    title: 'A @key names what is not there',
    explain: 'A subgraph can only be asked by fields that it has itself.\nName such fields, or add them.',
  },
  KEY_FIELDS_SELECT_INVALID_TYPE: {
    area: 'composition',
    level: 'breaking',
    title: 'A @key names a list, union or interface',
    explain: 'Keys are compared, and those cannot be.\nName plain fields.',
  },
  PROVIDES_INVALID_FIELDS: {
    area: 'composition',
    level: 'breaking',
    title: 'A @provides names what is not there',
    explain: 'It names fields of the returned type, as this subgraph has it.\nCorrect them.',
  },
  REQUIRES_INVALID_FIELDS: {
    area: 'composition',
    level: 'breaking',
    title: 'A @requires names what is not there',
    explain: 'It names fields of the own type, as this subgraph has it, @external.\nCorrect them.',
  },
  REQUIRES_FIELDS_MISSING_EXTERNAL: {
    area: 'composition',
    level: 'breaking',
    title: 'A @requires names the subgraph’s own field',
    explain: 'What it names comes from elsewhere, and says so with @external.\nMark it.',
  },
  PROVIDES_FIELDS_MISSING_EXTERNAL: {
    area: 'composition',
    level: 'breaking',
    title: 'A @provides names the subgraph’s own field',
    explain: 'What it names is owned elsewhere, and says so with @external.\nMark it.',
  },
  REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: {
    area: 'composition',
    level: 'breaking',
    title: 'A required argument is not known everywhere',
    explain: 'Whoever serves the field must take the argument.\nAdd it everywhere, or make it optional.',
  },
  REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: {
    area: 'composition',
    level: 'breaking',
    title: 'A required input field is not known everywhere',
    explain: 'Whoever takes the input must know the field.\nAdd it everywhere, or make it optional.',
  },
  ENUM_VALUE_MISMATCH: {
    area: 'composition',
    level: 'breaking',
    title: 'An enum has different values',
    explain:
      'An enum that is both sent and received must have the same values in every subgraph.\nAdd the missing ones.',
  },
  EMPTY_MERGED_ENUM_TYPE: {
    area: 'composition',
    level: 'breaking',
    title: 'An enum has no common value',
    explain:
      'Of an enum that is only sent, clients see the values that all subgraphs know, and there is none.\nAdd some.',
  },
  TYPE_KIND_MISMATCH: {
    area: 'composition',
    level: 'breaking',
    title: 'A type is not the same kind everywhere',
    explain: 'An object here, an interface there: make it the same, or rename one.',
  },
  INTERFACE_FIELD_NO_IMPLEM: {
    area: 'composition',
    level: 'breaking',
    title: 'A type lacks a field of its interface',
    explain:
      'Some subgraph says that the interface has the field, and no subgraph gives it to this type.\nAdd it.',
  },
  REFERENCED_INACCESSIBLE: {
    area: 'composition',
    level: 'breaking',
    title: 'Something visible needs something hidden',
    explain: 'What clients see refers to a type that is @inaccessible.\nHide that too, or show the type.',
  },
  ONLY_INACCESSIBLE_CHILDREN: {
    area: 'composition',
    level: 'breaking',
    title: 'A visible type has nothing to show',
    explain: 'All its fields or values are @inaccessible.\nHide the type as well, or show something of it.',
  },
  NO_QUERIES: {
    area: 'composition',
    level: 'breaking',
    title: 'There is no query',
    explain: 'Some subgraph must have a field on Query.',
  },
  INVALID_GRAPHQL: {
    area: 'composition',
    level: 'breaking',
    title: 'The SDL of a subgraph is not valid',
    explain:
      'It does not hold even alone: an unknown type, a name used twice, a directive in the wrong place.\nCorrect it where the place says.',
  },
};
