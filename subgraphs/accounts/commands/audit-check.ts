/**
 * `npm run audit:check [-- --seen <entry>:<code>]`: whether the audit log is as it was written, and where it is not.
 * A log that was cut and whose end was set back looks whole from inside: whoever keeps what this prints somewhere else,
 * and hands it in next time as `--seen`, finds that out too.
 */
import { findBreak } from '../domain/audit-chain.ts';
import { findAuditHead, readAuditLog } from '../store/audit-log.ts';
import { type CommandStore, type Ending, readFlags } from './command.ts';

const AT_ONCE = 500;
const SEEN = /^(\d{1,15}):([0-9a-f]{64})$/;

export async function auditCheck({ db, vault }: CommandStore, args: readonly string[]): Promise<Ending> {
  const { seen } = readFlags(args, ['seen']);
  const mark = seen === undefined ? undefined : SEEN.exec(seen);
  if (mark === null) return { status: 2, text: '--seen must be what this command printed: <entry>:<code>' };
  const [head] = await findAuditHead(db);
  const { entries, broken } = await findBreak(vault, (after) => readAuditLog(db, after, AT_ONCE), head!);
  if (broken) {
    return {
      status: 1,
      text: `The audit log holds up to entry ${entries}, and breaks there: ${broken.reason}.`,
    };
  }
  if (mark) {
    const [entry] = await readAuditLog(db, Number(mark[1]) - 1, 1);
    if (entry?.seq !== Number(mark[1]) || entry.hash.toString('hex') !== mark[2]) {
      return {
        status: 1,
        text: `Entry ${mark[1]} is not the one that was seen: the log was cut and written anew.`,
      };
    }
  }
  const [last] = entries === 0 ? [] : await readAuditLog(db, entries - 1, 1);
  const keep = last ? ` Keep this elsewhere, for --seen: ${last.seq}:${last.hash.toString('hex')}` : '';
  return { status: 0, text: `The audit log holds: ${entries} entries.${keep}` };
}
