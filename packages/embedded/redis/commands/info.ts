/** What INFO says. Fields that dashboards and drivers read and that mean something here; no others. */
import type { Instance } from '../instance.ts';
import { DATABASES } from '../keyspace/keyspace.ts';
import { MAX_CLIENTS } from '../limits.ts';
import { REDIS_VERSION } from '../version.ts';

type Fields = Readonly<Record<string, string | number>>;

const SECTIONS: Readonly<Record<string, (instance: Instance) => Fields>> = {
  server: (instance) => {
    const uptime = Math.floor((Date.now() - instance.startedAt) / 1000);
    return {
      redis_version: REDIS_VERSION,
      redis_mode: 'standalone',
      os: `${process.platform} ${process.arch}`,
      arch_bits: 64,
      process_id: process.pid,
      run_id: instance.runId,
      tcp_port: instance.settings.port,
      uptime_in_seconds: uptime,
      uptime_in_days: Math.floor(uptime / 86_400),
      server_name: "Souk's embedded Redis",
    };
  },
  clients: ({ clients, waiting }) => ({
    connected_clients: clients.size,
    maxclients: MAX_CLIENTS,
    blocked_clients: waiting.size,
    pubsub_clients: [...clients.values()].filter(({ isSubscriber }) => isSubscriber).length,
    clients_in_timeout_table: 0,
  }),
  memory: () => {
    const { heapUsed, rss } = process.memoryUsage();
    return {
      used_memory: heapUsed,
      used_memory_human: `${(heapUsed / 1024 / 1024).toFixed(2)}M`,
      used_memory_rss: rss,
      maxmemory: 0,
      maxmemory_human: '0B',
      maxmemory_policy: 'noeviction',
      mem_fragmentation_ratio: (rss / heapUsed).toFixed(2),
    };
  },
  persistence: ({ journal }) => ({
    loading: 0,
    aof_enabled: 1,
    aof_rewrite_in_progress: 0,
    aof_last_write_status: journal.failing ? 'err' : 'ok',
    rdb_bgsave_in_progress: 0,
    rdb_changes_since_last_save: 0,
    rdb_last_bgsave_status: 'ok',
  }),
  stats: ({ statistics, keyspace, pubsub }) => ({
    total_connections_received: statistics.connections,
    total_commands_processed: statistics.commands,
    rejected_connections: statistics.refusedConnections,
    expired_keys: keyspace.expiredKeys,
    evicted_keys: 0,
    keyspace_hits: keyspace.hits,
    keyspace_misses: keyspace.misses,
    pubsub_channels: pubsub.activeChannels('channels', undefined).length,
    pubsub_patterns: pubsub.patternCount,
    total_error_replies: statistics.errors,
  }),
  replication: ({ runId }) => ({
    role: 'master',
    connected_slaves: 0,
    master_replid: runId,
    master_repl_offset: 0,
  }),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return { used_cpu_sys: system / 1e6, used_cpu_user: user / 1e6 };
  },
  cluster: () => ({ cluster_enabled: 0 }),
  keyspace: ({ keyspace }) => {
    const fields: Record<string, string> = {};
    for (let index = 0; index < DATABASES; index++) {
      const { size, expiring } = keyspace.databases[index]!;
      if (size > 0) fields[`db${index}`] = `keys=${size},expires=${expiring},avg_ttl=0`;
    }
    return fields;
  },
};

const WHOLE = new Set(['all', 'default', 'everything']);

export function describeServer(instance: Instance, wanted: readonly string[]): string {
  const names = wanted.map((name) => name.toLowerCase());
  const whole = names.length === 0 || names.some((name) => WHOLE.has(name));
  return Object.entries(SECTIONS)
    .filter(([name]) => whole || names.includes(name))
    .map(([name, describe]) => {
      const title = name === 'cpu' ? 'CPU' : name[0]!.toUpperCase() + name.slice(1);
      const lines = Object.entries(describe(instance)).map(([field, value]) => `${field}:${value}\r\n`);
      return `# ${title}\r\n${lines.join('')}`;
    })
    .join('\r\n');
}
