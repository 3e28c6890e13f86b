/** A review with its verdict: what every output prints. */
import { matches } from '../coordinates.ts';
import type { Finding, Level, Place } from '../finding.ts';
import type { Review } from '../review.ts';
import type { Accepted } from '../settings.ts';
import type { Snapshot } from '../snapshot.ts';
import type { FailOn } from '../vocabulary.ts';

export interface Report {
  review: Review;
  /** What counts, worst first. */
  findings: readonly Finding[];
  /** House rules that base broke as well: told with --all alone. */
  standing: readonly Finding[];
  accepted: readonly { finding: Finding; reason: string }[];
  failOn: FailOn;
  /** At or above the bar. */
  failing: readonly Finding[];
  exitCode: 0 | 1 | 2;
  /** Show what is safe and what stood before, too. */
  all: boolean;
  /** Where the reviewed folder is in its git repository: `''` or `apps/shop/`. */
  prefix: string;
  milliseconds: number;
}

export interface ReportOptions {
  accept: readonly Accepted[];
  failOn: FailOn;
  all: boolean;
  prefix?: string;
  milliseconds?: number;
}

export function makeReport(review: Review, options: ReportOptions): Report {
  const { accept, failOn, all } = options;
  const findings: Finding[] = [];
  const standing: Finding[] = [];
  const accepted: { finding: Finding; reason: string }[] = [];
  for (const finding of review.findings) {
    const acceptance = accept.find((one) => covers(one, finding));
    if (acceptance) accepted.push({ finding, reason: acceptance.reason });
    else if (isStanding(finding)) standing.push(finding);
    else findings.push(finding);
  }
  const failing = findings.filter((finding) => isFailing(finding, failOn));
  return {
    review,
    findings,
    standing,
    accepted,
    failOn,
    failing,
    exitCode: review.composes ? (failing.length > 0 ? 1 : 0) : 2,
    all,
    prefix: options.prefix ?? '',
    milliseconds: options.milliseconds ?? 0,
  };
}

/** A house rule that base broke as well is nothing that this change did. */
export const isStanding = ({ area, level }: Finding): boolean => area === 'rule' && level === 'safe';

/** What does not compose cannot be accepted: there would be nothing to serve. */
function covers({ code, at }: Accepted, finding: Finding): boolean {
  if (finding.area === 'composition' && finding.level === 'breaking') return false;
  return finding.code === code && matches(at, finding.coordinate ?? '');
}

/** What was not weighed by operations counts as used: nothing shows that it is not. */
export const isUsed = ({ usedBy }: Finding): boolean => usedBy === undefined || usedBy.length > 0;

function isFailing(finding: Finding, failOn: FailOn): boolean {
  if (finding.level === 'safe') return false;
  if (failOn === 'risky') return true;
  return finding.level === 'breaking' && (failOn === 'breaking' || isUsed(finding));
}

export const ofLevel = (findings: readonly Finding[], level: Level): Finding[] =>
  findings.filter((finding) => finding.level === level);

/** `2 breaking (1 used), 3 risky, 14 safe, 1 accepted` */
export function countsOf({ findings, accepted, standing }: Report): string {
  const breaking = ofLevel(findings, 'breaking');
  const used = breaking.filter(isUsed).length;
  return [
    `${breaking.length} breaking${breaking.length > 0 ? ` (${used === breaking.length ? 'all' : used || 'none'} used)` : ''}`,
    `${ofLevel(findings, 'risky').length} risky`,
    `${ofLevel(findings, 'safe').length} safe`,
    ...(accepted.length > 0 ? [`${accepted.length} accepted`] : []),
    ...(standing.length > 0 ? [`${standing.length} standing`] : []),
  ].join(', ');
}

export function verdictOf({ review, failing, failOn }: Report): string {
  if (!review.composes) return 'does not compose';
  return failing.length > 0 ? `fails at ${failOn}` : `passes at ${failOn}`;
}

/** Whether a finding's place is in head; what was removed can only be shown in base. */
export function isInHead({ place, coordinate }: Finding, { head, base }: Review): boolean {
  if (!place) return false;
  const isAmong = (snapshot: Snapshot) =>
    snapshot.locations
      .all(coordinate ?? '')
      .some(({ file, line }) => file === place.file && line === place.line);
  return isAmong(head) || !isAmong(base);
}

/** The text of a file that was read for the review. */
export function textOf(snapshot: Snapshot, file: string): string | undefined {
  const { subgraphs, operations } = snapshot.repository;
  return (
    subgraphs.find((subgraph) => subgraph.file === file)?.sdl ??
    operations.find((operation) => operation.file === file)?.source
  );
}

export const lineOf = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;
