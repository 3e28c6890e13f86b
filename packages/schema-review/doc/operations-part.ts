/** The part of the page about operations: what clients run, and how it is planned. */
import { planLines } from '../outputs/plan-text.ts';
import { type Html, html } from './html.ts';
import type { HueOf } from './hues.ts';
import type { DocModel, DocOperation } from './model.ts';
import { planSvg } from './plan-svg.ts';

export const operationsPart = ({ clients }: DocModel, hueOf: HueOf): Html =>
  html`${clients.map(
    ({ name, operations }) => html`
  <section aria-labelledby="client-${name}"><h2 id="client-${name}">${name} <small>${operations.length} operations</small></h2>
  ${operations.map((operation) => card(operation, hueOf))}</section>`,
  )}`;

function card({ client, name, file, text, after }: DocOperation, hueOf: HueOf): Html {
  const id = `${client}/${name}`;
  return html`
    <article id="operation-${id}" data-find="${id}" data-kind="operation">
      <h3><span class="kind">operation</span> <a href="#operation-${id}">${name}</a></h3>
      <p class="quiet">${file}</p>
      ${
        after
          ? html`<p>${plural(after.plan.fetches, 'fetch', 'fetches')} in ${plural(after.plan.depth, 'step', 'steps')}, cost ${after.cost}.</p>
            ${planSvg(after.plan, name, hueOf)}
            <details><summary>What each fetch asks</summary><pre tabindex="0">${planLines(after.plan).join('\n')}</pre></details>`
          : html`<p class="deprecated">It does not fit the schema.</p>`
      }
      <details><summary>The operation</summary><pre tabindex="0">${text.trim()}</pre></details>
    </article>`;
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
