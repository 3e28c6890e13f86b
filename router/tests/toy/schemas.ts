/** A small library in four subgraphs: enough entities, interfaces, unions and rules to test a router on. */

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@shareable", "@external", "@inaccessible"])\n`;

const people = `${LINK}
  type Query {
    me: Person
    person(id: ID!): Person
    people: [Person!]!
  }
  type Mutation {
    personRename(id: ID!, name: String!): Person
    personErase(id: ID!): Boolean @requiresScopes(scopes: [["people:erase"]])
  }
  interface Named { id: ID! name: String! }
  type Person implements Named @key(fields: "id") {
    id: ID!
    name: String!
    email: String! @authenticated
    phone: String @requiresScopes(scopes: [["people:read", "phones:read"], ["admin"]])
    friends: [Person!]!
    badge: Badge
    mood: Mood
    diary: String @policy(policies: [["diaries"], ["family", "friend"]])
    broken: String!
    secretKey: String @inaccessible
  }
  scalar Badge @authenticated
  enum Mood @authenticated { CALM WILD }
`;

const books = `${LINK}
  type Query {
    book(id: ID!): Book
    books: [Book!]!
    search(text: String): [Hit!]!
    shelf: Shelf
    named: [Thing]!
    post: [Post]
  }
  interface Thing { id: ID! title: String note: Note }
  type Letter @policy(policies: [["post"]]) { id: ID! text: String! }
  type Book implements Thing @key(fields: "id") {
    id: ID!
    title: String
    note: Note
    author: Person
    draft: Draft
  }
  type Manuscript implements Thing {
    id: ID!
    title: String @requiresScopes(scopes: [["archive:read"]])
    note: Note
  }
  type Note { text: String! by: Person }
  type Draft @authenticated { id: ID! text: String! }
  union Hit = Book | Draft
  union Post = Book | Letter
  type Shelf @authenticated { label: String! books: [Book!]! }
  type Person @key(fields: "id") { id: ID! books: [Book!] }
`;

const ratings = `${LINK}
  type Query { ratings: [Rating!] }
  type Book @key(fields: "id") { id: ID! ratings(first: Int = 10): [Rating!] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false) average: Float @cost(weight: 5) }
  type Person @key(fields: "id", resolvable: false) { id: ID! }
  type Rating { id: ID! stars: Int! reader: Person }
`;

const vault = `${LINK}
  type Query { vault: Vault }
  type Vault @requiresScopes(scopes: [["vault:open"]]) { id: ID! gold: Int! }
  type Person @key(fields: "id") { id: ID! savings: Int @requiresScopes(scopes: [["vault:open"]]) }
`;

export const schemas = { people, books, ratings, vault };
