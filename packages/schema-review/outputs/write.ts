/** A report in each of the formats. */
import type { Place } from '../finding.ts';
import type { Format } from '../vocabulary.ts';
import { githubOutput } from './github.ts';
import { jsonOutput } from './json.ts';
import { markdownOutput } from './markdown.ts';
import type { Report } from './report.ts';
import { sarifOutput } from './sarif.ts';
import { terminalOutput } from './terminal.ts';

export interface OutputOptions {
  colour: boolean;
  width: number;
  version: string;
  sideBySide?: string;
  /** An address for a place in head. */
  link?: (place: Place) => string;
}

export function formatReport(report: Report, format: Format, options: OutputOptions): string {
  switch (format) {
    case 'terminal':
      return terminalOutput(report, options);
    case 'markdown':
      return markdownOutput(report, options);
    case 'json':
      return jsonOutput(report);
    case 'github':
      return githubOutput(report);
    case 'sarif':
      return sarifOutput(report, options.version);
  }
}
