import type { Client } from '../client.ts';

/** One line of CLIENT LIST. */
export function describeClient(client: Client, now: number): string {
  const { transaction, reader } = client;
  const seconds = (since: number) => Math.floor(Math.max(0, now - since) / 1000);
  const fields = {
    id: client.id,
    addr: client.address,
    laddr: client.localAddress,
    fd: -1,
    name: client.name,
    age: seconds(client.connectedAt),
    idle: seconds(client.lastActiveAt),
    flags: flagsOf(client),
    db: client.database,
    sub: client.channels.size,
    psub: client.patterns.size,
    ssub: client.shardChannels.size,
    multi: transaction ? transaction.queued.length : -1,
    qbuf: reader.heldBytes,
    'qbuf-free': 0,
    'argv-mem': 0,
    'multi-mem': transaction?.queuedBytes ?? 0,
    obl: 0,
    oll: 0,
    omem: client.outputBytes,
    'tot-mem': client.heldBytes,
    events: 'r',
    cmd: client.lastCommand,
    user: 'default',
    redir: -1,
    resp: client.protocol,
    'lib-name': client.libraryName,
    'lib-ver': client.libraryVersion,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function flagsOf(client: Client): string {
  const flags = [
    client.isSubscriber && 'P',
    client.transaction && 'x',
    client.blocked && 'b',
    client.watchBroken && 'd',
    client.closing && 'c',
    client.noEvict && 'e',
  ];
  return flags.filter(Boolean).join('') || 'N';
}
