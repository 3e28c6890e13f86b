/** How to mend what the composer says most often: one sentence each. */
export const REMEDIES: Readonly<Record<string, string>> = {
  SATISFIABILITY_ERROR:
    'Give the type a @key that both subgraphs resolve, or serve the field where the path ends (@shareable).',
  INVALID_FIELD_SHARING:
    'Mark the field @shareable in every subgraph that serves it, or serve it in one alone and make it @external in the others.',
  FIELD_TYPE_MISMATCH: 'Give the field the same type in every subgraph.',
  FIELD_ARGUMENT_TYPE_MISMATCH: 'Give the argument the same type in every subgraph.',
  FIELD_ARGUMENT_DEFAULT_MISMATCH: 'Give the argument the same default in every subgraph.',
  EXTERNAL_MISSING_ON_BASE:
    'Let some subgraph define the field without @external, or take the @external field away.',
  EXTERNAL_UNUSED: 'Take the @external field away, or name it in a @key, @requires or @provides.',
  EXTERNAL_TYPE_MISMATCH: 'Give the @external field the type that its owner gives it.',
  KEY_INVALID_FIELDS: 'Name only fields in @key that the type has in this very subgraph.',
  KEY_FIELDS_SELECT_INVALID_TYPE: 'Name fields in @key that are no list, union or interface.',
  KEY_INVALID_FIELDS_TYPE: 'Write the fields of @key as one string: @key(fields: "id").',
  PROVIDES_INVALID_FIELDS: 'Name only fields in @provides that the returned type has in this very subgraph.',
  REQUIRES_INVALID_FIELDS: 'Name only fields in @requires that the type has in this very subgraph.',
  PROVIDES_FIELDS_MISSING_EXTERNAL:
    'Mark the provided field @external in this subgraph: another one owns it.',
  REQUIRES_FIELDS_MISSING_EXTERNAL:
    'Mark the required field @external in this subgraph: another one owns it.',
  REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH:
    'Take the argument in every subgraph that serves the field, or make it optional.',
  REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH:
    'Give the input the field in every subgraph that has it, or make the field optional.',
  ENUM_VALUE_MISMATCH: 'Give an enum that is both sent and received the same values in every subgraph.',
  EMPTY_MERGED_ENUM_TYPE:
    'Let the subgraphs share a value: of an enum that is sent, only common ones remain.',
  EMPTY_MERGED_INPUT_TYPE: 'Let the subgraphs share a field: of an input, only common ones remain.',
  TYPE_KIND_MISMATCH: 'Make it the same kind of type in every subgraph, or rename one of the two.',
  INTERFACE_FIELD_NO_IMPLEM: 'Give every type that implements the interface the field, in some subgraph.',
  REFERENCED_INACCESSIBLE: 'Hide what refers to it with @inaccessible too, or show it.',
  ONLY_INACCESSIBLE_CHILDREN: 'Hide the whole type with @inaccessible, or leave it something to show.',
  OVERRIDE_FROM_SELF_ERROR: 'Name the subgraph in @override that served the field before.',
  NO_QUERIES: 'Give some subgraph a field on Query.',
  INVALID_GRAPHQL: 'Correct the SDL: it is not valid even alone.',
  MISSING_TRANSITIVE_AUTH_REQUIREMENTS:
    'Give the field the rules of everything that it @requires: it answers out of it.',
};
