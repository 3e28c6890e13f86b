/** The page of the supergraph: whole, safe to open, and true. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { docModel } from '../doc/model.ts';
import { docPage } from '../doc/page.ts';
import { drawPlan } from '../doc/plan-layout.ts';
import { keepNothing } from '../prepare/kept.ts';
import { readRepository } from '../repository.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { takeSnapshot } from '../snapshot.ts';
import { mapSource } from '../source.ts';
import { runBin } from './bin.ts';
import { newFolder, putFiles, shopWith } from './shop.ts';

const CHROMIUM = '/usr/bin/chromium';
const HOSTILE = '<script>alert(1)</script> & "quotes" see `Tea.name`';

let root: string;
let page: string;

const files = () => {
  const { 'schema/teas.graphql': teas = '', 'schema/stars.graphql': stars = '', ...rest } = shopWith();
  return {
    ...rest,
    'schema/teas.graphql': teas
      .replace('"What it is called."', JSON.stringify(HOSTILE))
      .replace('origin: String', 'origin: String @deprecated(reason: "Use `name`. Removed on 2031-01-01.")'),
    'schema/stars.graphql': stars
      .replace('"@tag"', '"@tag", "@requiresScopes"')
      .replace('stars: Float', 'stars: Float @requiresScopes(scopes: [["stars:read"]])'),
  };
};

beforeAll(async () => {
  root = putFiles(newFolder(), files());
  const repository = await readRepository(mapSource('shop', new Map(Object.entries(files()))), {
    supergraph: 'supergraph.yaml',
    operations: 'schema/operations',
  });
  const snapshot = await takeSnapshot('shop', repository, { kept: keepNothing });
  page = docPage(docModel(snapshot, snapshot.composed!, DEFAULT_SETTINGS.rules, 'A shop'));
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Between an element's opening tag with that id and its closing one. */
function part(id: string, tag = 'article'): string {
  const from = page.indexOf(`id="${id}"`);
  return page.slice(from, page.indexOf(`</${tag}>`, from)).replace(/\s+/g, ' ');
}

describe('the file', () => {
  test('every tag that is opened is closed in order', () => {
    const open: string[] = [];
    const body = page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '');
    for (const [, slash, name, rest] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)\b([^>]*)>/g)) {
      if (/^(meta|input|br)$/.test(name!) || rest!.endsWith('/')) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });

  test('ids are there once, and every link leads to one', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/ href="([^"]+)"/g)].map(([, href]) => href!);
    for (const target of targets) expect(ids).toContain(target.replace(/^#/, ''));
    expect(targets.length).toBeGreaterThan(10);
  });

  test('asks no host for anything, and forbids it', () => {
    expect(page).toContain('content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;');
    expect(page).not.toMatch(/(?:src|href|action)="(?!#)/);
    expect(page).not.toMatch(/url\(|@import/);
  });

  test('what people wrote stays text', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; see <code>Tea.name</code>',
    );
  });
});

describe('what it says', () => {
  test('a type stands with its owner, and says who adds what', () => {
    expect(page.indexOf('id="owner-teas"')).toBeLessThan(page.indexOf('id="Tea"'));
    expect(part('Tea')).toMatch(/Also in <span class="chip"[^>]*>stars<\/span>/);
    expect(part('Tea.stars', 'dt')).toMatch(/>stars<\/span>/);
    expect(part('Tea.name', 'dt')).toMatch(/>teas<\/span>/);
  });

  test('who may see a field', () => {
    expect(part('Tea.stars', 'dt')).toContain('<span class="lock">needs stars:read</span>');
    expect(part('Tea.name', 'dt')).not.toContain('lock');
  });

  test('what is deprecated, how long lists are, and who uses a field', () => {
    expect(part('Tea.origin', 'dd')).toContain('Deprecated: Use <code>name</code>. Removed on 2031-01-01.');
    expect(part('Query.teas', 'dt')).toContain('about 30');
    expect(part('Tea.name', 'dd')).toMatch(/Used by .*web\/TeaList.*web\/TeaPage/);
  });

  test('operations have their plan as a picture that can be heard, too', () => {
    const operation = part('operation-web/TeaPage');
    expect(operation).toContain('2 fetches in 2 steps');
    expect(operation).toContain('aria-label="teas, then stars"');
    expect(operation.match(/<rect/g)).toHaveLength(2);
    expect(operation.match(/class="wire"/g)).toHaveLength(1);
  });
});

describe('a plan', () => {
  const fetch = (service: string) => ({ kind: 'fetch', service, query: '{ a }', entities: false }) as const;

  test('what waits stands to the right, what runs at once above each other, and nothing overlaps', () => {
    const { boxes, lines, width, height } = drawPlan({
      kind: 'sequence',
      steps: [
        fetch('a'),
        {
          kind: 'parallel',
          steps: [
            { kind: 'flatten', path: 'x.@.y', step: fetch('b') },
            {
              kind: 'sequence',
              steps: [fetch('c'), { kind: 'condition', condition: '$d', otherwise: fetch('d') }],
            },
          ],
        },
        fetch('e'),
      ],
    });
    const at = Object.fromEntries(boxes.map((box) => [box.service, box]));
    expect(at.b!.x).toBe(at.c!.x);
    expect(at.a!.x).toBeLessThan(at.b!.x);
    expect(at.c!.x).toBeLessThan(at.d!.x);
    expect(at.d!.x).toBeLessThan(at.e!.x);
    // a to b and c, c to d, b and d to e.
    expect(lines).toHaveLength(5);
    expect(at.b!.notes).toEqual(['x.@.y']);
    expect(at.d!.notes).toEqual(['unless $d']);
    for (const one of boxes) {
      expect(one.x + one.width).toBeLessThanOrEqual(width);
      expect(one.y + one.height).toBeLessThanOrEqual(height);
      for (const other of boxes) {
        const apart =
          one === other ||
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        expect(apart).toBe(true);
      }
    }
  });
});

test('the command writes it', async () => {
  const ran = await runBin(root, ['doc', '--output', 'out/page.html']);
  expect(ran).toMatchObject({ code: 0, stdout: 'Wrote out/page.html\n', stderr: '' });
  expect(existsSync(join(root, 'out/page.html'))).toBe(true);
});

(existsSync(CHROMIUM) ? test : test.skip)(
  'in a browser: found by keys alone, without a request',
  async () => {
    const { chromium } = await import('playwright-core');
    const file = join(root, 'page.html');
    writeFileSync(file, page);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const tab = await browser.newPage();
      const [asked, faults]: [string[], string[]] = [[], []];
      tab.on('request', (request) => asked.push(request.url()));
      tab.on('console', (message) => faults.push(message.text()));
      tab.on('pageerror', (error) => faults.push(error.message));
      await tab.goto(pathToFileURL(file).href);
      await tab.keyboard.press('/');
      await tab.keyboard.type('tea sta');
      await tab.waitForSelector('#results li[aria-selected=true]');
      expect(await tab.getAttribute('#search', 'aria-expanded')).toBe('true');
      await tab.keyboard.press('Enter');
      expect(await tab.evaluate('[location.hash, document.activeElement.id]')).toEqual([
        '#Tea.stars',
        'Tea.stars',
      ]);
      expect(asked).toEqual([pathToFileURL(file).href]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
