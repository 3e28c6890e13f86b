/** Mutations run one after the other, in the order of the document. */
import { topic } from './topic.ts';

export const mutations = topic('festival', [
  ['one', 'mutation { artistRename(id: "1", name: "New") { id name } }'],
  [
    'two of one subgraph',
    'mutation { a: artistRename(id: "1", name: "A") { name } b: artistRename(id: "1", name: "B") { name } }',
  ],
  [
    'of several subgraphs, in turn',
    'mutation { artistDrop(id: "1") slotCancel(id: "2") { id } b: artistDrop(id: "3") ticketTear(id: "1") }',
  ],
  ['entities after it', 'mutation { artistRename(id: "1", name: "A") { slots { minutes stage { sold } } } }'],
  [
    'entities after each',
    'mutation { artistRename(id: "1", name: "A") { slots { id } } slotBook(stage: "1", act: "2") { artist { name } } ticketBuy(input: { fan: "1" }) { holder { name spotted { title } } } }',
  ],
  [
    'an input object',
    'mutation($i: ArtistInput!) { artistAdd(input: $i) { name genre rider } }',
    { variables: { i: { name: 'x', tags: [['a', null], []] } } },
  ],
  [
    'an input object with a bare list',
    'mutation($i: BuyInput!) { ticketBuy(input: $i) { kind price } }',
    { variables: { i: { fan: '1', kinds: 'WEEK' } } },
  ],
  [
    'a default',
    'mutation { slotBook(stage: "1", act: "1") { minutes } b: slotBook(stage: "1", act: "1", minutes: null) { minutes } }',
  ],
  ['nothing found', 'mutation { artistRename(id: "none", name: "x") { name slots { id } } }'],
  ['__typename', 'mutation { __typename artistDrop(id: "1") t: __typename }'],
  ['__typename alone', 'mutation { __typename }'],
  ['aliases __proto__', 'mutation { __proto__: artistRename(id: "1", name: "A") { __proto__: name } }'],
  [
    'a fragment on the root',
    'mutation { ...M artistDrop(id: "2") } fragment M on Mutation { artistDrop(id: "2") slotCancel(id: "1") { id } }',
  ],
  [
    'one that fails',
    'mutation { artistRename(id: "1", name: "A") { name } slotCancel(id: "2") { id } }',
    { world: { fails: new Set(['Mutation.artistRename']) } },
  ],
  [
    'one that fails where null must not be',
    'mutation { artistDrop(id: "1") ticketTear(id: "2") slotBook(stage: "1", act: "1") { id } }',
    { world: { fails: new Set(['Mutation.ticketTear']) } },
  ],
  [
    'two that fail, in order',
    'mutation { ticketBuy(input: { fan: "1" }) { id } artistDrop(id: "1") a: artistDrop(id: "2") }',
    { world: { fails: new Set(['Mutation.ticketBuy', 'Mutation.artistDrop']) } },
  ],
  [
    'an entity that fails after it',
    'mutation { artistRename(id: "1", name: "A") { name slots { id } rider } artistDrop(id: "1") }',
    { world: { fails: new Set(['Artist.slots', 'Artist.rider']) } },
  ],
  [
    'a subgraph that is away',
    'mutation { slotCancel(id: "1") { id } artistDrop(id: "1") }',
    { faults: [{ subgraph: 'stages', kind: 'unreachable' }] },
  ],
  [
    'a subgraph that answers nothing',
    'mutation { artistDrop(id: "1") slotBook(stage: "1", act: "2") { id } a: artistDrop(id: "2") }',
    { faults: [{ subgraph: 'stages', kind: 'nothing' }] },
  ],
]);
