/** The part of the page about types. */

import { type Html, html, inline, prose } from './html.ts';
import type { HueOf } from './hues.ts';
import type { DocField, DocModel, DocType } from './model.ts';

export function typesPart({ roots, owners, shared }: DocModel, hueOf: HueOf): Html {
  const chip = chipsIn(hueOf);
  const section = sectionsWith(chip);
  return html`${section(html`Roots`, 'roots', roots)}
    ${owners.map(({ name, types }) => section(chip(name), `owner-${name}`, types))}
    ${shared.length > 0 && section(html`Shared by several`, 'shared', shared)}`;
}

const sectionsWith =
  (chip: Chip) =>
  (title: Html, id: string, types: readonly DocType[]): Html =>
    html`
  <section aria-labelledby="${id}"><h2 id="${id}">${title} <small>${types.length} types</small></h2>
  ${types.map((type) => typeCard(type, chip))}</section>`;

/** A subgraph, in its colour everywhere. */
export const chipsIn =
  (hueOf: HueOf): Chip =>
  (name) =>
    html`<span class="chip" style="${`--hue:${hueOf(name)}`}">${name}</span>`;

type Chip = (subgraph: string) => Html;

function typeCard(type: DocType, chip: Chip): Html {
  const { name, kind, description, others, visibleTo, keys, implementsTypes, possible, fields, values } =
    type;
  return html`
    <article id="${name}" data-find="${name}" data-kind="${kind}">
      <h3><span class="kind">${kind}</span> <a href="#${name}">${name}</a>${lock(visibleTo)}</h3>
      ${prose(description)}
      ${others.length > 0 && html`<p class="quiet">Also in ${others.map((one) => html`${chip(one)} `)}</p>`}
      ${keys.length > 0 && html`<p class="quiet">Fetched by ${keys.map((key) => html`<code>${key}</code> `)}</p>`}
      ${implementsTypes.length > 0 && html`<p class="quiet">Is a ${links(implementsTypes)}</p>`}
      ${possible.length > 0 && html`<p class="quiet">One of ${links(possible)}</p>`}
      ${
        (fields.length > 0 || values.length > 0) &&
        html`<dl>${fields.map((field) => entry(type, field, chip))}${values.map((value) => entry(type, value, chip))}</dl>`
      }
    </article>`;
}

const links = (names: readonly string[]): Html[] =>
  names.map((name) => html`<a href="#${name}">${name}</a> `);

function entry({ name: typeName }: DocType, field: DocField, chip: Chip): Html {
  const { name, description, type, args, deprecated, servedBy, visibleTo, marks, usedBy } = field;
  const id = `${typeName}.${name}`;
  return html`
    <dt id="${id}" data-find="${id}" data-kind="${type === undefined ? 'value' : 'field'}">
      <code>${deprecated !== undefined ? html`<s>${name}</s>` : name}${type !== undefined && html`: ${typeLink(type, field.typeName)}`}</code>
      ${servedBy.map((one) => html` ${chip(one)}`)}${lock(visibleTo)}${marks.map((mark) => html` <span class="mark">${mark}</span>`)}
    </dt>
    <dd>
      ${prose(description)}
      ${deprecated !== undefined && html`<p class="deprecated">Deprecated: ${inline(deprecated)}</p>`}
      ${args.length > 0 && argumentList(args)}
      ${usedBy.length > 0 && html`<p class="quiet">Used by ${usedBy.map((one) => html`<a href="#operation-${one}">${one}</a> `)}</p>`}
    </dd>`;
}

const argumentList = (args: DocField['args']): Html =>
  html`<ul class="args">${args.map(
    ({ name, type, typeName, description, fallback }) =>
      html`<li><code>${name}: ${typeLink(type, typeName)}${fallback !== undefined && html` = ${fallback}`}</code> ${inline(description ?? '')}</li>`,
  )}</ul>`;

/** `[Product!]!` with the name as a link; what every schema has is none. */
function typeLink(type: string, name = ''): Html {
  if (['Int', 'Float', 'String', 'Boolean', 'ID'].includes(name)) return html`${type}`;
  const [before = '', after = ''] = type.split(name);
  return html`${before}<a href="#${name}">${name}</a>${after}`;
}

const lock = (visibleTo: string | undefined): Html | undefined =>
  visibleTo === undefined ? undefined : html` <span class="lock">needs ${visibleTo}</span>`;
