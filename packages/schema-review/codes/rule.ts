import type { Codes } from './code.ts';

const rule = (title: string, ...lines: [what: string, why: string, mend: string]) =>
  ({ area: 'rule', level: 'risky', title, explain: lines.join('\n') }) as const;

/** The house rules. Each is explained in three lines: what holds, why, how to mend it. */
export const ruleCodes: Codes = {
  DESCRIPTION_MISSING: rule(
    'Something has no description',
    'Every type, field, argument, input field and enum value is described in at least one subgraph that has it.',
    'Clients read descriptions in their editor; a field that nobody explains is used for what it is not.',
    'Write one line above it that says what its name does not.',
  ),
  NAME_STYLE: rule(
    'A name is not in the style of the house',
    'Types are PascalCase; fields, arguments and directives camelCase; enum values SCREAMING_CASE.',
    'Names of one style are guessed right, and generated code needs no exceptions.',
    'Rename it before clients use it; after that, add the right name and deprecate the wrong one.',
  ),
  MUTATION_VERB_FIRST: rule(
    'A mutation begins with a verb',
    'Mutations are named entity first: `orderCancel`. The verbs are `rules.mutationVerbs` in schema-review.yaml.',
    'In an editor all that can be done with a thing then stands together.',
    'Put the verb last.',
  ),
  CONNECTION_SHAPE: rule(
    'A connection is not in the shape of Relay',
    'A type named `…Connection` has `edges { node cursor }` and `pageInfo: PageInfo!`, and PageInfo its four fields.',
    'Client libraries page through connections by themselves, and stop when a part is missing.',
    'Add what is missing, or do not call the type a connection.',
  ),
  CONNECTION_ARGUMENTS: rule(
    'A connection cannot be paged through',
    'A field that answers a connection takes `first: Int` and `after`, or `last: Int` and `before`.',
    'Without them there is one page, and no way to the next.',
    'Add the arguments.',
  ),
  MUTATION_INPUT: rule(
    'A mutation does not take one input',
    'A mutation takes nothing, or one argument: `input: <Mutation>Input!`.',
    'An input object grows by optional fields without a break, and clients pass it as one variable.',
    'Put the arguments into an input type of that name.',
  ),
  MUTATION_PAYLOAD: rule(
    'A mutation has no payload of its own',
    'Each mutation answers an object named after it: `<Mutation>Payload`.',
    'A payload of its own can get fields that only this mutation needs, without touching another.',
    'Add the payload, with the changed object in it.',
  ),
  USER_ERRORS_MISSING: rule(
    'A payload cannot say why it refused',
    'Each payload has `userErrors: [T!]!`, where T is or implements UserError (names: `rules.userErrors`).',
    'Refusals are expected: clients show them beside the form, which they cannot do with a top-level error.',
    'Add the field.',
  ),
  PAYLOAD_NOT_NULL: rule(
    'A payload promises what a refusal cannot give',
    'Fields of a payload are nullable, save the list of errors.',
    'A refused mutation has no changed object; a required one turns the refusal into a null payload without reason.',
    'Drop the exclamation mark.',
  ),
  IDEMPOTENCY_KEY_MISSING: rule(
    'What must not happen twice has no idempotency key',
    'Mutations in `rules.idempotency.mutations`, or that answer a type in `rules.idempotency.types`, take `idempotencyKey: ID!`.',
    'A client that got no answer must repeat; without a key the repeat moves money or stock once more.',
    'Add the key to the input, and answer a repeat with what the first call did.',
  ),
  ROOT_NOT_NULL: rule(
    'A root field must be there',
    'Fields of Query and Mutation are nullable.',
    'If the subgraph of a required one is down, the null goes up and takes the whole answer along.',
    'Drop the exclamation mark.',
  ),
  FOREIGN_NOT_NULL: rule(
    'What another subgraph serves must be there',
    'What a subgraph adds to an entity of another is nullable, and so is a reference to an entity of another.',
    'If that subgraph is down, the null goes up and takes what the others answered along. Owners: `rules.owners`.',
    'Drop the exclamation mark; keep the bare id beside a reference where it matters.',
  ),
  LIST_UNBOUNDED: rule(
    'A list of unknown length',
    'A list says how long it gets by `@listSize`, or is paged as a connection.',
    'The cost of an operation cannot be told without, and a list that nothing bounds grows until a page dies of it.',
    'Add `@listSize(assumedSize: …)` where the thing bounds it, else make it a connection.',
  ),
  DEPRECATION_UNCLEAR: rule(
    'A deprecation names no replacement',
    'The reason of `@deprecated` names what to use instead, in backticks (pattern: `rules.deprecation.replacement`).',
    'Who is told to stop and not where to go stays.',
    'Begin the reason with the replacement: "Use `cover { url }`. Removed on 2031-06-30."',
  ),
  DEPRECATION_UNDATED: rule(
    'A deprecation does not say until when',
    'The reason of `@deprecated` has the day of removal as an ISO date (pattern: `rules.deprecation.date`).',
    'Without a day nobody plans the move, and nothing is ever removed.',
    'End the reason with the day: "Removed on 2031-06-30."',
  ),
  REMOVAL_OVERDUE: rule(
    'The day of a removal has passed',
    'What a deprecation promised to remove by now is still there. Told on every review, since time broke it.',
    'A day that means nothing once means nothing the next time.',
    'Remove it, if no registered operation uses it; or name a later day.',
  ),
  ENTITY_WITHOUT_KEY: rule(
    'Something looked up by id has no key',
    'A type that `thing(id: ID!)` answers has a `@key`.',
    'Other subgraphs can refer to it and add to it only by a key.',
    'Add `@key(fields: "id")` and a reference resolver.',
  ),
  KEY_NULLABLE: rule(
    'A key may be null',
    'Fields of a `@key` are required.',
    'An entity without its key cannot be fetched from another subgraph: what that one adds is lost.',
    'Make the field required.',
  ),
  STUB_RESOLVABLE: rule(
    'A stub claims to resolve',
    'A type with nothing but its key, kept by another subgraph, says `resolvable: false`.',
    'Otherwise the router may come for it, and the subgraph must answer references to things that it does not know.',
    'Add `resolvable: false` to the key.',
  ),
  TYPE_UNUSED: rule(
    'Nothing leads to a type',
    'Every type of a subgraph can be reached from a root field, or is an entity.',
    'What cannot be asked for is read, kept and reviewed in vain.',
    'Remove it, or add the field that it was meant for.',
  ),
};
