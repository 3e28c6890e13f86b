/** A plan as a picture in the page. */
import type { OperationPlan, PlanStep } from '../cost/plan.ts';
import { type Html, html } from './html.ts';
import type { HueOf } from './hues.ts';
import { type Box, drawPlan, type Point } from './plan-layout.ts';

const MARGIN = 4;

export function planSvg(plan: OperationPlan, name: string, hueOf: HueOf): Html {
  const { width, height, boxes, lines } = drawPlan(plan.root);
  if (boxes.length === 0) return html`<p class="quiet">Needs no subgraph.</p>`;
  const box = `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`;
  return html`<div class="plan" tabindex="0" role="group" aria-label="${`Plan of ${name}, scrolls`}"><svg role="img"
    viewBox="${box}" width="${width + 2 * MARGIN}" height="${height + 2 * MARGIN}" aria-label="${inWords(plan.root)}">
    ${lines.map(line)}${boxes.map((one) => step(one, hueOf))}</svg></div>`;
}

function line([from, to]: [Point, Point]): Html {
  const middle = (from.x + to.x) / 2;
  const path = `M${from.x} ${from.y} C${middle} ${from.y} ${middle} ${to.y} ${to.x - 5} ${to.y}`;
  return html`<path class="wire" d="${path}"/><path class="tip" d="${`M${to.x} ${to.y}l-7 -4v8z`}"/>`;
}

function step({ x, y, width, height, service, notes }: Box, hueOf: HueOf): Html {
  return html`<g style="${`--hue:${hueOf(service)}`}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>
    <text x="${x + 12}" y="${y + 25}" class="service">${service}</text>
    ${notes.map((note, index) => html`<text x="${x + 12}" y="${y + 43 + 18 * index}" class="note">${note}</text>`)}</g>`;
}

/** For those who do not see it. */
function inWords(root: PlanStep | undefined): string {
  if (!root) return 'no steps';
  switch (root.kind) {
    case 'fetch':
      return root.service;
    case 'flatten':
      return inWords(root.step);
    case 'parallel':
      return `at once ${root.steps.map(inWords).join(' and ')}`;
    case 'sequence':
      return root.steps.map(inWords).join(', then ');
    case 'condition':
      return [root.then, root.otherwise]
        .filter((one) => one !== undefined)
        .map((one) => `on a condition ${inWords(one)}`)
        .join(', ');
    case 'subscription':
      return `events of ${inWords(root.primary)}${root.rest ? `, for each ${inWords(root.rest)}` : ''}`;
  }
}
