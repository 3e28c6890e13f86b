/** docs/events.md as the rooms declare what they tell and what they listen to. */
import { z } from 'zod';
import type { EventType } from '../events/events.ts';
import type { Room } from './room.ts';

export function eventsMarkdown(rooms: readonly Pick<Room, 'name' | 'tells' | 'hears'>[]): string {
  const sections = rooms
    .filter(({ tells }) => tells)
    .map(({ name, tells }) => {
      const rows = Object.entries(tells!.types).map(([type, declared]) => {
        const heardBy = rooms.filter(({ hears }) => hears?.includes(type)).map((room) => room.name);
        const { version, when } = declared;
        const cells = [
          `\`${type}\``,
          version,
          when,
          fieldsOf(declared),
          topicsOf(declared),
          heardBy.join(', '),
        ];
        return `| ${cells.join(' | ')} |`;
      });
      return `## ${name}: \`souk:${name}\`

| type | version | told when | data | topics | heard by |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
    });
  return `<!-- Made from subgraphs/*/events.ts by \`npm run generate:events\`; edit those. -->

# Events

What each subgraph tells the others, on a Redis stream of its own, one entry an event with its text in the field \`json\`:

\`\`\`json
{ "id": "evt_01J…", "type": "catalog.product.published", "version": 1, "aggregateId": "prd_01J…",
  "occurredAt": "2026-01-31T12:00:00.000Z", "requestId": "…", "data": { "productId": "prd_01J…" } }
\`\`\`

Events of one aggregate come in order, each at least once. A field that is added leaves the version as it is; a change that an
older reader would trip over raises it, and readers then turn the older form into the newer one. How they travel and what
happens to one that cannot be handled: [ADR 17](adr/0017-outbox.md), [ADR 18](adr/0018-consumers.md). \`npm run events\` shows
how far they have come. Subscriptions follow them live by topic: by the id of the aggregate, and by what stands under "topics"
([ADR 19](adr/0019-live-events.md)).

${sections.join('\n')}`;
}

interface FieldSchema {
  type?: string | string[];
  format?: string;
  enum?: string[];
  items?: FieldSchema;
  anyOf?: FieldSchema[];
}

function fieldsOf({ data }: EventType): string {
  const { properties = {} } = z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties)
    .map(([name, schema]) => `\`${name}\`: ${kindOf(schema as FieldSchema)}`)
    .join(', ');
}

/** As they read for data whose fields hold their own names. */
function topicsOf({ data, topics }: EventType): string {
  const named = Object.fromEntries(Object.keys(data.shape).map((name) => [name, `<${name}>`]));
  return (topics?.(named) ?? []).map((topic) => `\`${topic}\``).join(', ');
}

function kindOf({ type, format, enum: values, items, anyOf }: FieldSchema): string {
  if (anyOf) return [...new Set(anyOf.map(kindOf))].filter((kind) => kind !== 'anything').join(' or ');
  if (values) return values.join(', ');
  if (items) return `list of ${kindOf(items)}`;
  if (format === 'date-time') return 'time';
  const kinds = [type ?? 'anything'].flat().map((kind) => (kind === 'string' ? 'text' : kind));
  return kinds.join(' or ');
}
