/** The whole page: one file that asks no host for anything. */

import { type Html, html, raw } from './html.ts';
import { type HueOf, huesOf } from './hues.ts';
import type { DocModel, DocType } from './model.ts';
import { operationsPart } from './operations-part.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { chipsIn, typesPart } from './types-part.ts';

/** Whatever a description may hold, nothing is fetched. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function docPage(model: DocModel): string {
  const { title } = model;
  const hueOf = huesOf(model.owners.map(({ name }) => name));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
  <h1>${title}</h1>
  <div class="search" role="search">
    <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Search types, fields, operations ( / )"
      aria-label="Search types, fields and operations" role="combobox" aria-expanded="false" aria-controls="results" aria-autocomplete="list">
    <ul id="results" role="listbox" aria-label="What was found" hidden></ul>
  </div>
  <small id="count" role="status"></small>
</header>
<div class="columns">
  ${navigation(model, hueOf)}
  <main id="content" tabindex="-1">
    ${typesPart(model, hueOf)}
    ${operationsPart(model, hueOf)}
  </main>
</div>
<footer>Made by schema-review out of the composed supergraph: ${summary(model)}.</footer>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`.text;
}

function navigation({ roots, owners, shared, clients }: DocModel, hueOf: HueOf): Html {
  const chip = chipsIn(hueOf);
  const group = (label: Html, types: readonly DocType[]) =>
    html`<details><summary>${label}</summary><ul>${types.map(({ name }) => html`<li><a href="#${name}">${name}</a></li>`)}</ul></details>`;
  return html`<nav aria-label="Types and operations">
    ${group(html`Roots`, roots)}
    ${owners.map(({ name, types }) => group(chip(name), types))}
    ${shared.length > 0 && group(html`Shared by several`, shared)}
    ${clients.map(
      ({ name, operations }) =>
        html`<details><summary>Operations of ${name}</summary><ul>${operations.map(
          (one) => html`<li><a href="#operation-${`${name}/${one.name}`}">${one.name}</a></li>`,
        )}</ul></details>`,
    )}
  </nav>`;
}

function summary({ roots, owners, shared, clients }: DocModel): string {
  const types = roots.length + shared.length + owners.reduce((sum, one) => sum + one.types.length, 0);
  const operations = clients.reduce((sum, one) => sum + one.operations.length, 0);
  return `${owners.length} subgraphs, ${types} types, ${operations} operations`;
}
