/** The review for programs; json-shape.ts says what it looks like. */
import type { Figures } from '../review.ts';
import { trendOf } from './cost-lines.ts';
import type { JsonReport } from './json-shape.ts';
import { isUsed, ofLevel, type Report } from './report.ts';

export function jsonOutput(report: Report): string {
  const { review, findings, standing, accepted, failOn, failing, exitCode } = report;
  const breaking = ofLevel(findings, 'breaking');
  const json: JsonReport = {
    version: 1,
    base: review.base.name,
    head: review.head.name,
    composes: review.composes,
    verdict: { failOn, failing: failing.length, exitCode },
    counts: {
      breaking: breaking.length,
      breakingUsed: breaking.filter(isUsed).length,
      risky: ofLevel(findings, 'risky').length,
      safe: ofLevel(findings, 'safe').length,
    },
    findings: [...findings],
    standing: [...standing],
    accepted: [...accepted],
    operations: review.operations.map((operation) => ({
      client: operation.client,
      name: operation.name,
      file: operation.file,
      trend: trendOf(operation, review),
      ...(operation.before && { before: figuresOf(operation.before) }),
      ...(operation.after && { after: figuresOf(operation.after) }),
    })),
    variants: [...review.variants],
    timings: { ...review.timings },
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

const figuresOf = ({ plan, cost }: Figures) => ({
  fetches: plan.fetches,
  depth: plan.depth,
  cost,
  services: [...plan.services],
});
