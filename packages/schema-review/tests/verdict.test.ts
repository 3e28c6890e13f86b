/** What fails, what passes, and what nothing lets through. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Finding } from '../finding.ts';
import { markdownOutput } from '../outputs/markdown.ts';
import type { ReportOptions } from '../outputs/report.ts';
import { sarifOutput } from '../outputs/sarif.ts';
import { terminalOutput } from '../outputs/terminal.ts';
import type { Review } from '../review.ts';
import { parseSettings } from '../settings.ts';
import { reportOf, reviewOfBroken, reviewOfChanges, reviewOfRescued } from './reviews.ts';

let changed: Review;
let broken: Review;
let rescued: Review;

beforeAll(async () => {
  changed = await reviewOfChanges();
  broken = await reviewOfBroken();
  rescued = await reviewOfRescued();
}, 60_000);

/** Of a review that found these, whatever they are. */
const withFindings = (findings: Finding[], options: Partial<ReportOptions> = {}) =>
  reportOf({ ...changed, findings }, options);

describe('the verdict', () => {
  const exit = (level: Finding['level'], usedBy: Finding['usedBy'], failOn: ReportOptions['failOn']) =>
    withFindings(
      [{ code: 'FIELD_REMOVED', area: 'change', level, message: 'm', ...(usedBy && { usedBy }) }],
      { failOn },
    ).exitCode;
  const use = { client: 'web', operation: 'A', file: 'a.graphql', line: 1, column: 1 };

  test('fails at the bar and above', () => {
    expect([exit('breaking', [use], 'breaking-used'), exit('breaking', [], 'breaking-used')]).toEqual([1, 0]);
    expect([exit('breaking', [], 'breaking'), exit('risky', [use], 'breaking')]).toEqual([1, 0]);
    expect([exit('risky', undefined, 'risky'), exit('safe', undefined, 'risky')]).toEqual([1, 0]);
  });

  test('counts what nobody weighed as used', () => {
    expect(exit('breaking', undefined, 'breaking-used')).toBe(1);
  });

  test('what was accepted does not fail, but is told with its reason', () => {
    const { accept } = parseSettings(
      'accept: [{ code: FIELD_REMOVED, at: "Tea.*", reason: Nobody drinks it }]',
      'schema-review.yaml',
    );
    const report = reportOf(changed, { accept });
    expect(report.exitCode).toBe(0);
    expect(report.accepted.map(({ finding }) => finding.coordinate).sort()).toEqual([
      'Tea.name',
      'Tea.origin',
    ]);
    expect(markdownOutput(report)).toContain('Nobody drinks it');
    expect(JSON.parse(sarifOutput(report, '1')).runs[0].results).toContainEqual(
      expect.objectContaining({ suppressions: [{ kind: 'external', justification: 'Nobody drinks it' }] }),
    );
  });

  test('nothing lets through what does not compose', () => {
    const accept = broken.findings.map(({ code }) => ({ code, at: '*', reason: 'no' }));
    const report = reportOf(broken, { accept });
    expect(report.exitCode).toBe(2);
    expect(terminalOutput(report, { colour: false, width: 100 })).toMatch(/breaking {2}FIELD_TYPE_MISMATCH/);
  });

  test('a base that does not compose is told, and head is checked alone', () => {
    const report = reportOf(rescued);
    expect(report.exitCode).toBe(0);
    expect(terminalOutput(report, { colour: false, width: 100 })).toContain('BASE_DOES_NOT_COMPOSE');
    expect(markdownOutput(report)).toContain('BASE_DOES_NOT_COMPOSE');
  });
});
