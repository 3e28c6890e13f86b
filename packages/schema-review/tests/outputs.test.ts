/** What each output says of the same review, and what its readers can rely on. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Log } from 'sarif';
import { CODES } from '../codes.ts';
import type { Finding } from '../finding.ts';
import { githubOutput } from '../outputs/github.ts';
import { jsonOutput } from '../outputs/json.ts';
import { reportJsonSchema } from '../outputs/json-shape.ts';
import { MARKER, MAX_CHARACTERS, markdownOutput } from '../outputs/markdown.ts';
import { code, escapeProse } from '../outputs/markdown-text.ts';
import type { Report, ReportOptions } from '../outputs/report.ts';
import { sarifOutput } from '../outputs/sarif.ts';
import { terminalOutput } from '../outputs/terminal.ts';
import type { Review } from '../review.ts';
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

describe('for terminals', () => {
  const plain = (report: Report) => terminalOutput(report, { colour: false, width: 100 });

  test('each finding has its place, its lines, who uses it and how to mend it; the summary comes last', () => {
    const text = plain(reportOf(changed));
    expect(text).toContain('Schema review: head against base');
    expect(text).toContain(`breaking  FIELD_REMOVED  Tea.name, in teas
  Tea.name is gone: operations that select it are refused
  schema/teas.graphql:16:3 (in base)
      15 │   "What it is called."
    > 16 │   name: String
         │   ^^^^
      17 │   "Where it grows."
  used by web/TeaList (schema/operations/web/tea-list.graphql:3:5)
  used by web/TeaPage (schema/operations/web/tea-page.graphql:3:5)
  mend: `);
    expect(text).toContain('used by none of the registered operations');
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      /^2 breaking \(1 used\), 2 risky, 2 safe: fails at breaking-used \(\d+\.\d s\)$/,
    );
  });

  test('colour is there when asked for, and not otherwise', () => {
    expect(terminalOutput(reportOf(changed), { colour: true, width: 100 })).toContain('\x1b[31m');
    expect(plain(reportOf(changed))).not.toContain('\x1b');
  });

  test('plans stand beside each other when asked for', () => {
    const text = terminalOutput(reportOf(changed), { colour: false, width: 90, sideBySide: 'web/TeaPage' });
    expect(text).toMatch(/Plans of web\/TeaPage\nbefore +│ after\n/);
    expect(text).toMatch(/one after the other +│ \(no plan\)\n {2}fetch teas +│\n/);
    expect(
      Math.max(
        ...text
          .split('Plans of')[1]!
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(90);
  });

  test('--all tells what is safe and what stood before', () => {
    const standing: Finding = { code: 'NAME_STYLE', area: 'rule', level: 'safe', message: 'It stood.' };
    const findings = [...changed.findings, standing];
    expect(plain(withFindings(findings))).not.toContain('It stood.');
    expect(plain(withFindings(findings))).toContain('stood before: 1 NAME_STYLE');
    expect(plain(withFindings(findings, { all: true }))).toContain('It stood.');
  });
});

describe('for pull requests', () => {
  test('the verdict stands on top, what breaks is open, the rest folded', () => {
    const text = markdownOutput(reportOf(changed));
    expect(text.split('\n').slice(0, 4)).toEqual([
      MARKER,
      '### ❌ Schema review: fails at breaking-used',
      '',
      '2 breaking (1 used), 2 risky, 2 safe: `head` against `base`.',
    ]);
    expect(text).toContain('<details open><summary><b>Breaking</b> (1)</summary>');
    expect(text).toContain(
      '<details><summary><b>Breaking, but used by no registered operation</b> (1)</summary>',
    );
    expect(text).toContain('| `web/TeaList` | refused | 1 | 1 | ');
  });

  test('places in head are links where there is an address, those of base are not', () => {
    const text = markdownOutput(reportOf(changed), {
      link: ({ file, line }) => `https://host/${file}#L${line}`,
    });
    expect(text).toContain('[`schema/teas.graphql:15`](https://host/schema/teas.graphql#L15)');
    expect(text).toContain('`schema/teas.graphql:16` in base');
  });

  test('however much there is to say, it fits, ends well, and says what it left out', () => {
    const finding = (index: number, level: Finding['level']): Finding => ({
      code: 'FIELD_REMOVED',
      area: 'change',
      level,
      message: `${'long '.repeat(40)}${index}`,
      coordinate: `Tea.field${index}`,
    });
    const levels = ['breaking', 'risky', 'safe'] as const;
    const findings = levels.flatMap((level) =>
      Array.from({ length: 800 }, (_, index) => finding(index, level)),
    );
    const text = markdownOutput(withFindings(findings));
    expect(text.length).toBeLessThanOrEqual(MAX_CHARACTERS);
    expect(text.length).toBeGreaterThan(MAX_CHARACTERS * 0.9);
    expect(text.match(/<details/g)).toHaveLength(text.match(/<\/details>/g)!.length);
    expect(text).toMatch(/\*\*\d+ more left out here: a comment holds no more\./);
    expect(text).toContain('<b>Safe</b> (800)');
  });

  test('text stays text: no mention, no markup, no way out of a table', () => {
    expect(escapeProse('Give it @key and `a|b` <b>*x*</b> |')).toBe(
      'Give it `@key` and `a|b` \\<b\\>\\*x\\*\\</b\\> \\|',
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'`@a<|\\ ') }), (text) => {
        const escaped = escapeProse(text);
        expect(escaped).not.toContain('\n');
        const outside = escaped.replace(/\\[^\w\s]|(`+)[\s\S]*?[^`]\1(?!`)/g, ' ');
        expect(outside).not.toMatch(/[<|]|@\w/);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => expect(code(text)).not.toContain('\n')),
    );
  });
});

describe('for annotations', () => {
  test('errors fail, warnings do not; what is gone names its file alone', () => {
    const lines = githubOutput(reportOf(changed)).trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^::error file=schema\/teas\.graphql,title=FIELD_REMOVED Tea\.name::Tea\.name is gone: .*%0Aused by web\/TeaList/,
    );
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(3);
    expect(lines.join('\n')).toMatch(
      /^::warning file=schema\/teas\.graphql,line=15,col=3,title=LIST_UNBOUNDED Tea\.mates::/m,
    );
  });

  test('paths start at the root of the git repository', () => {
    expect(githubOutput(reportOf(changed, { prefix: 'apps/shop/' }))).toContain(
      'file=apps/shop/schema/teas.graphql',
    );
  });

  test('no text ends a command early', () => {
    const anything = fc.string({ unit: 'binary-ascii' });
    fc.assert(
      fc.property(anything, anything, (message, coordinate) => {
        const finding: Finding = { code: 'X', area: 'change', level: 'risky', message, coordinate };
        expect(
          githubOutput(withFindings([finding]))
            .trimEnd()
            .split(/\r|\n/),
        ).toHaveLength(1);
      }),
    );
  });

  test('more than GitHub shows is counted', () => {
    const finding: Finding = { code: 'X', area: 'change', level: 'risky', message: 'm' };
    const lines = githubOutput(withFindings(Array(13).fill(finding)))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[10]).toMatch(/^3 more of the kind warning/);
  });
});

describe('for programs', () => {
  const validate = new Ajv2020({ strict: true }).compile(reportJsonSchema());
  const isValid = (text: string) => {
    const fits = validate(JSON.parse(text));
    return fits ? true : validate.errors;
  };

  test('JSON fits its schema, whatever happened', () => {
    for (const one of [changed, broken, rescued]) {
      expect(isValid(jsonOutput(reportOf(one)))).toBe(true);
      expect(isValid(jsonOutput(reportOf(one, { all: true, failOn: 'risky' })))).toBe(true);
    }
    expect(validate({ ...JSON.parse(jsonOutput(reportOf(changed))), more: 1 })).toBe(false);
  });

  test('JSON has the verdict, the counts and every finding', () => {
    const json = JSON.parse(jsonOutput(reportOf(changed)));
    expect(json).toMatchObject({
      version: 1,
      base: 'base',
      head: 'head',
      composes: true,
      verdict: { failOn: 'breaking-used', failing: 1, exitCode: 1 },
      counts: { breaking: 2, breakingUsed: 1, risky: 2, safe: 2 },
    });
    expect(json.findings).toHaveLength(6);
    const page = json.operations.find(({ name }: { name: string }) => name === 'TeaPage');
    expect(page).toMatchObject({ client: 'web', trend: 'refused', before: { fetches: 2, depth: 2 } });
  });

  test('SARIF has a rule for each result, and places with lines only where head has them', () => {
    const log = JSON.parse(sarifOutput(reportOf(changed), '1.2.3')) as Log;
    const [run] = log.runs;
    expect(log.version).toBe('2.1.0');
    expect(run!.tool.driver).toMatchObject({ name: 'schema-review', version: '1.2.3' });
    for (const { ruleId, ruleIndex, level, locations } of run!.results!) {
      expect(run!.tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
      expect(CODES[ruleId!]!.title).toBe(run!.tool.driver.rules![ruleIndex!]!.shortDescription!.text);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(locations?.[0]?.physicalLocation?.artifactLocation?.uri).toMatch(/^schema\/\w+\.graphql$/);
    }
    const regions = run!.results!.map(({ ruleId, locations }) => [
      ruleId,
      locations![0]!.physicalLocation!.region?.startLine,
    ]);
    expect(regions).toContainEqual(['FIELD_REMOVED', undefined]);
    expect(regions).toContainEqual(['LIST_UNBOUNDED', 15]);
  });
});
