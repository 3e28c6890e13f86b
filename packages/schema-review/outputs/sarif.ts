/** SARIF 2.1.0, which code scanners and editors read. */
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { CODES } from '../codes.ts';
import type { Finding, Place, Use } from '../finding.ts';
import { isInHead, type Report } from './report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const LEVELS = { breaking: 'error', risky: 'warning', safe: 'note' } as const;

export function sarifOutput(report: Report, version: string): string {
  const all = [
    ...report.findings.map((finding) => ({ finding })),
    ...report.standing.map((finding) => ({ finding })),
    ...report.accepted,
  ];
  const codes = [...new Set(all.map(({ finding }) => finding.code))].sort();
  const run = {
    tool: { driver: { name: 'schema-review', version, rules: codes.map(ruleOf) } },
    columnKind: 'utf16CodeUnits' as const,
    results: all.map((one) => resultOf(one, codes, report)),
  };
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: string): ReportingDescriptor {
  const { title, explain, level } = CODES[id] ?? { title: id, explain: id, level: 'risky' as const };
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: explain },
    help: { text: explain },
    defaultConfiguration: { level: LEVELS[level] },
  };
}

function resultOf(
  { finding, reason }: { finding: Finding; reason?: string },
  codes: readonly string[],
  report: Report,
): Result {
  const { code, level, message, coordinate, subgraph, place, usedBy, remedy, variant, path } = finding;
  const about = { coordinate, subgraph, variant, remedy, path, isUsed: usedBy && usedBy.length > 0 };
  const properties = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[level],
    message: { text: remedy ? `${message} ${remedy}` : message },
    ...(place && { locations: [locationOf(place, report, isInHead(finding, report.review), coordinate)] }),
    ...(usedBy && usedBy.length > 0 && { relatedLocations: usedBy.map((use, id) => useOf(use, id, report)) }),
    // The same finding on another line is still the same.
    partialFingerprints: { 'finding/v1': [code, coordinate, subgraph, variant].join('|') },
    ...(reason !== undefined && { suppressions: [{ kind: 'external', justification: reason }] }),
    properties,
  };
}

function locationOf(place: Place, report: Report, inHead: boolean, coordinate: string | undefined): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(`${report.prefix}${place.file}`), uriBaseId: '%SRCROOT%' },
      // A line of base would point at something else in head.
      ...(inHead && { region: { startLine: place.line, startColumn: place.column } }),
    },
    ...(coordinate && { logicalLocations: [{ fullyQualifiedName: coordinate }] }),
  };
}

function useOf(use: Use, id: number, report: Report): Location {
  const { client, operation } = use;
  return {
    id,
    message: { text: `${client}/${operation} uses it` },
    ...locationOf(use, report, true, undefined),
  };
}
