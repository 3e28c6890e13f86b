import type { Shown } from './resp-client.ts';
import { entry, error, nil, notInteger, ok, type Sequence, sequence, wrongType } from './sequence.ts';

interface GroupInfo {
  consumers: number;
  pending: number;
  lastId: string;
  read: number | null;
  lag: number | null;
}

/** One group of XINFO GROUPS. */
const group = (name: string, { consumers, pending, lastId, read, lag }: GroupInfo): Shown => [
  ...['name', name, 'consumers', consumers, 'pending', pending],
  ...['last-delivered-id', lastId, 'entries-read', read, 'lag', lag],
];

interface Counters {
  length: number;
  nodes: number;
  lastId: string;
  maxDeletedId: string;
  added: number;
  firstId: string;
}

/** How the answer of XINFO STREAM starts. */
const counters = ({ length, nodes, lastId, maxDeletedId, added, firstId }: Counters): Shown[] => [
  ...['length', length, 'radix-tree-keys', nodes, 'radix-tree-nodes', nodes + 1],
  ...['last-generated-id', lastId, 'max-deleted-entry-id', maxDeletedId],
  ...['entries-added', added, 'recorded-first-entry-id', firstId],
];

export const streamInfoTable: readonly Sequence[] = [
  sequence('XINFO', [
    ['XADD s 1-1 n 1', '1-1'],
    ['XADD s 2-1 n 2', '2-1'],
    ['XGROUP CREATE s g 0', ok],
    ['XGROUP CREATE s a $', ok],
    [
      'XINFO STREAM s',
      [
        ...counters({ length: 2, nodes: 1, lastId: '2-1', maxDeletedId: '0-0', added: 2, firstId: '1-1' }),
        'groups',
        2,
        'first-entry',
        entry('1-1', 'n', '1'),
        'last-entry',
        entry('2-1', 'n', '2'),
      ],
    ],
    [
      'XINFO GROUPS s',
      [
        group('a', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: 0 }),
        group('g', { consumers: 0, pending: 0, lastId: '0-0', read: nil, lag: 2 }),
      ],
    ],
    ['XREADGROUP GROUP g alice COUNT 1 STREAMS s >', [['s', [entry('1-1', 'n', '1')]]]],
    [
      'XINFO GROUPS s',
      [
        group('a', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: 0 }),
        group('g', { consumers: 1, pending: 1, lastId: '1-1', read: 1, lag: 1 }),
      ],
    ],
    ['XINFO CONSUMERS s a', []],
    ['XDEL s 1-1', 1],
    [
      'XINFO STREAM s',
      [
        ...counters({ length: 1, nodes: 1, lastId: '2-1', maxDeletedId: '1-1', added: 2, firstId: '2-1' }),
        'groups',
        2,
        'first-entry',
        entry('2-1', 'n', '2'),
        'last-entry',
        entry('2-1', 'n', '2'),
      ],
    ],
    [
      'XINFO GROUPS s',
      [
        group('a', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: 0 }),
        group('g', { consumers: 1, pending: 1, lastId: '1-1', read: 1, lag: 1 }),
      ],
    ],
    ['XADD s 3-1 n 3', '3-1'],
    ['XREADGROUP GROUP g alice STREAMS s >', [['s', [entry('2-1', 'n', '2'), entry('3-1', 'n', '3')]]]],
    [
      'XINFO GROUPS s',
      [
        group('a', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: 1 }),
        group('g', { consumers: 1, pending: 3, lastId: '3-1', read: 3, lag: 0 }),
      ],
    ],
    ['XINFO STREAM absent', error('ERR no such key')],
    ['XINFO GROUPS absent', error('ERR no such key')],
    ['XINFO CONSUMERS absent g', error('ERR no such key')],
    ['XINFO CONSUMERS s absent', error("NOGROUP No such consumer group 'absent' for key name 's'")],
    [
      'XINFO STREAM s WHAT',
      error("ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP."),
    ],
    [
      'XINFO STREAM s FULL COUNT',
      error("ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP."),
    ],
    ['XINFO STREAM s FULL COUNT abc', notInteger],
    ['XINFO WHAT s', error("ERR unknown subcommand 'WHAT'. Try XINFO HELP.")],
    ['XINFO', error("ERR wrong number of arguments for 'xinfo' command")],
    ['SET str x', ok],
    ['XINFO STREAM str', wrongType],
    ['XADD e 1-1 n 1', '1-1'],
    ['XTRIM e MAXLEN 0', 1],
    [
      'XINFO STREAM e',
      [
        ...counters({ length: 0, nodes: 0, lastId: '1-1', maxDeletedId: '0-0', added: 1, firstId: '0-0' }),
        'groups',
        0,
        'first-entry',
        nil,
        'last-entry',
        nil,
      ],
    ],
    [
      'XINFO STREAM e FULL',
      [
        ...counters({ length: 0, nodes: 0, lastId: '1-1', maxDeletedId: '0-0', added: 1, firstId: '0-0' }),
        'entries',
        [],
        'groups',
        [],
      ],
    ],
    ['XGROUP CREATE e g 0', ok],
    [
      'XINFO STREAM e FULL COUNT 5',
      [
        ...counters({ length: 0, nodes: 0, lastId: '1-1', maxDeletedId: '0-0', added: 1, firstId: '0-0' }),
        'entries',
        [],
        'groups',
        [
          [
            'name',
            'g',
            'last-delivered-id',
            '0-0',
            'entries-read',
            nil,
            'lag',
            0,
            'pel-count',
            0,
            'pending',
            [],
            'consumers',
            [],
          ],
        ],
      ],
    ],
    ['XINFO GROUPS e', [group('g', { consumers: 0, pending: 0, lastId: '0-0', read: nil, lag: 0 })]],
    ['XADD lag 1-1 n 1', '1-1'],
    ['XADD lag 2-1 n 1', '2-1'],
    ['XADD lag 3-1 n 1', '3-1'],
    ['XGROUP CREATE lag at1 1-1', ok],
    ['XGROUP CREATE lag at2 2-1', ok],
    ['XGROUP CREATE lag at3 3-1', ok],
    ['XGROUP CREATE lag at0 0', ok],
    [
      'XINFO GROUPS lag',
      [
        group('at0', { consumers: 0, pending: 0, lastId: '0-0', read: nil, lag: 3 }),
        group('at1', { consumers: 0, pending: 0, lastId: '1-1', read: nil, lag: 2 }),
        group('at2', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: nil }),
        group('at3', { consumers: 0, pending: 0, lastId: '3-1', read: nil, lag: 0 }),
      ],
    ],
    ['XTRIM lag MAXLEN 1', 2],
    [
      'XINFO GROUPS lag',
      [
        group('at0', { consumers: 0, pending: 0, lastId: '0-0', read: nil, lag: 1 }),
        group('at1', { consumers: 0, pending: 0, lastId: '1-1', read: nil, lag: 1 }),
        group('at2', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: 1 }),
        group('at3', { consumers: 0, pending: 0, lastId: '3-1', read: nil, lag: 0 }),
      ],
    ],
    ['XGROUP CREATE lag beyond 9-9', ok],
    [
      'XINFO GROUPS lag',
      [
        group('at0', { consumers: 0, pending: 0, lastId: '0-0', read: nil, lag: 1 }),
        group('at1', { consumers: 0, pending: 0, lastId: '1-1', read: nil, lag: 1 }),
        group('at2', { consumers: 0, pending: 0, lastId: '2-1', read: nil, lag: 1 }),
        group('at3', { consumers: 0, pending: 0, lastId: '3-1', read: nil, lag: 0 }),
        group('beyond', { consumers: 0, pending: 0, lastId: '9-9', read: nil, lag: nil }),
      ],
    ],
  ]),
  sequence('a lag over deleted entries', [
    ['XADD s 3-1 f v', '3-1'],
    ['XGROUP CREATE s g 2-1', ok],
    ['XREADGROUP GROUP g bob COUNT 2 STREAMS s >', [['s', [entry('3-1', 'f', 'v')]]]],
    ['XDEL s 3-1', 1],
    ['XADD s 4-1 f v', '4-1'],
    ['XDEL s 4-1', 1],
    ['XADD s 5-1 f v', '5-1'],
    ['XINFO GROUPS s', [group('g', { consumers: 1, pending: 1, lastId: '3-1', read: 1, lag: 2 })]],
    ['XDEL s 5-1', 1],
    ['XINFO GROUPS s', [group('g', { consumers: 1, pending: 1, lastId: '3-1', read: 1, lag: 2 })]],
  ]),
];
