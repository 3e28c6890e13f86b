/** settings.json lists what the processes of the house read, so that one environment serves all of them. */
import { expect, test } from '@jest/globals';
import { serviceSettings } from '@souk/kit/settings/kinds';
import { ROUTER_SETTINGS } from '@souk/router/settings';
import { OWN } from '../../start/settings.ts';
import { rooms } from '../../subgraphs/registry.ts';
import { fileText } from './files.ts';

const read = [serviceSettings, OWN, ROUTER_SETTINGS, ...rooms.map(({ settings }) => settings)].flatMap(
  (shape) => Object.keys(shape),
);

test('settings.json lists every setting of the product, in the order of the alphabet', () => {
  const ours = [...new Set(read)].filter((name) => name.startsWith('SOUK_')).sort();
  expect(JSON.parse(fileText('settings.json'))).toEqual(ours);
});

test('Every setting that a process reads is in a document for operators', () => {
  const documents = (fileText('README.md') + fileText('docs/router.md')).replaceAll('`…_', '`SOUK_REVIEWS_');
  const missing = read.filter((name) => !documents.includes(name));
  expect(missing).toEqual([]);
});
