/** The library's data, and resolvers over it. */
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { GraphQLError } from 'graphql';

type Id = { id: string };

const persons = [
  {
    id: 'p1',
    name: 'Ada',
    email: 'ada@example.org',
    phone: '+1',
    friends: ['p2', 'p3'],
    mood: 'CALM',
    badge: 7,
    diary: 'Dear me',
  },
  { id: 'p2', name: 'Ben', email: 'ben@example.org', phone: '+2', friends: ['p1'], mood: 'WILD', badge: 8 },
  { id: 'p3', name: 'Cy', email: 'cy@example.org', phone: null, friends: [], mood: 'CALM', badge: 9 },
];
const personOf = (id: string) => persons.find((person) => person.id === id) ?? null;

const person = {
  __resolveReference: ({ id }: Id) => personOf(id),
  friends: ({ friends }: { friends: string[] }) => friends.map(personOf),
  broken: () => {
    throw new Error('connect ECONNREFUSED 10.1.2.3:5432');
  },
};

const bookList = [
  { id: 'b1', title: 'Engines', author: 'p1', note: 'first', draft: 'd1' },
  { id: 'b2', title: 'Lamps', author: 'p2', note: null, draft: null },
];
const drafts = [{ id: 'd1', text: 'Once upon a time' }];
const bookOf = (id: string) => bookList.find((book) => book.id === id) ?? null;
const manuscript = { id: 'm1', title: 'Hidden scroll', note: 'burnt' };

const noteOf = ({ note }: { note: string | null }) =>
  note === null ? null : { text: note, by: { id: 'p2' } };

export const resolvers: Record<string, GraphQLResolverMap<unknown>> = {
  people: {
    Query: {
      me: () => personOf('p1'),
      person: (_: unknown, { id }: Id) => {
        if (id === 'teapot')
          throw new GraphQLError('No such person', { extensions: { code: 'NOT_FOUND', hint: 'p1' } });
        return personOf(id);
      },
      people: () => persons,
    },
    Mutation: {
      personRename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...personOf(id), name }),
      personErase: () => true,
    },
    Named: { __resolveType: () => 'Person' },
    Person: person,
  },
  books: {
    Query: {
      book: (_: unknown, { id }: Id) => bookOf(id),
      books: () => bookList,
      search: () => [bookList[0], drafts[0]],
      shelf: () => ({ label: 'Top', books: bookList }),
      named: () => [bookList[0], manuscript, null],
      post: () => [bookList[0], { id: 'l1', text: 'Dear you' }],
    },
    Thing: { __resolveType: ({ id }: Id) => (id.startsWith('b') ? 'Book' : 'Manuscript') },
    Hit: { __resolveType: ({ id }: Id) => (id.startsWith('b') ? 'Book' : 'Draft') },
    Post: { __resolveType: ({ id }: Id) => (id.startsWith('b') ? 'Book' : 'Letter') },
    Book: {
      __resolveReference: ({ id }: Id) => bookOf(id),
      author: ({ author }: { author: string }) => ({ id: author }),
      draft: ({ draft }: { draft: string | null }) => drafts.find(({ id }) => id === draft) ?? null,
      note: noteOf,
    },
    Manuscript: { note: noteOf },
    Person: {
      __resolveReference: ({ id }: Id) => ({ id }),
      books: ({ id }: Id) => bookList.filter(({ author }) => author === id),
    },
  },
  ratings: {
    Query: { ratings: () => [{ id: 'r1', stars: 5, reader: { id: 'p3' } }] },
    Book: {
      __resolveReference: ({ id }: Id) => ({ id }),
      ratings: ({ id }: Id) => [{ id: `r-${id}`, stars: 4, reader: { id: 'p3' } }],
      average: () => 4.5,
    },
  },
  vault: {
    Query: { vault: () => ({ id: 'v1', gold: 12 }) },
    Person: { __resolveReference: ({ id }: Id) => ({ id }), savings: () => 300 },
  },
};
