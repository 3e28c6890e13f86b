import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import type { CategoryDocument } from '../store/category-document.ts';
import { type Desk, done, EDITOR, newCategory, newProduct, openDesk, refusals } from '../tests/desk.ts';
import { saveAttribute, type TypedAttribute } from './attribute-saving.ts';

withMongodb('attributes', () => {
  let desk: Desk;
  let shelf: CategoryDocument;
  beforeAll(async () => {
    desk = await openDesk();
    shelf = await newCategory(desk, 'Bowls');
  });
  afterAll(() => desk.close());

  const save = (typed: TypedAttribute) => saveAttribute(desk.services, EDITOR, typed);
  const choice = (code: string, choices: string[]): TypedAttribute => ({
    code,
    label: 'Glaze',
    kind: 'CHOICE',
    choices,
    isMultiple: true,
  });

  test('are made, and edited on the version that one saw', async () => {
    const height: TypedAttribute = { code: 'height', label: 'Height', kind: 'NUMBER', unit: 'cm' };
    expect(done(await save(height)).version).toBe(1);
    expect(refusals(await save(height))).toEqual(['VERSION_CONFLICT at expectedVersion']);
    const edited = done(await save({ ...height, label: 'How high', expectedVersion: 1 }));
    expect(edited).toMatchObject({ label: 'How high', unit: 'cm', version: 2 });
    const late = await save({ ...height, label: 'Tallness', expectedVersion: 1 });
    expect(refusals(late)).toEqual(['VERSION_CONFLICT at expectedVersion']);
    expect(late).toMatchObject({ current: { label: 'How high' } });
    expect(refusals(await save({ ...height, code: 'nowhere', expectedVersion: 1 }))).toEqual([
      'VERSION_CONFLICT at expectedVersion',
    ]);
  });

  test('of two who make one at once, one does', async () => {
    const outcomes = await Promise.all([save(choice('hue', ['Blue'])), save(choice('hue', ['Red']))]);
    expect(outcomes.map(refusals).sort()).toEqual([[], ['VERSION_CONFLICT at expectedVersion']]);
  });

  test('are told all that is wrong with them at once', async () => {
    expect(
      refusals(
        await save({
          code: 'Not A Code',
          label: ' ',
          kind: 'BOOLEAN',
          unit: 'cm',
          isMultiple: true,
          choices: ['x'],
        }),
      ).sort(),
    ).toEqual([
      'VALUE_INVALID at choices',
      'VALUE_INVALID at code',
      'VALUE_INVALID at isMultiple',
      'VALUE_INVALID at label',
      'VALUE_INVALID at unit',
    ]);
    expect(refusals(await save(choice('empty', [])))).toEqual(['VALUE_INVALID at choices']);
    expect(refusals(await save(choice('twice', ['a', 'a'])))).toEqual(['VALUE_INVALID at choices']);
    expect(refusals(await save(choice('blank', ['a', ' '])))).toEqual(['VALUE_INVALID at choices.1']);
  });

  test('that products carry keep what they carry, and may lose and change the rest', async () => {
    const glaze = choice('glaze', ['Blue', 'White', 'Green']);
    done(await save(glaze));
    await newProduct(desk, shelf, { attributes: [{ code: 'glaze', values: ['Blue', 'White'] }] });
    const edit = (change: Partial<TypedAttribute>) => save({ ...glaze, expectedVersion: 1, ...change });
    expect(refusals(await edit({ kind: 'TEXT', choices: null }))).toEqual(['ATTRIBUTE_IN_USE at kind']);
    expect(refusals(await edit({ isMultiple: false }))).toEqual(['ATTRIBUTE_IN_USE at isMultiple']);
    const dropped = await edit({ choices: ['Blue', 'Green'] });
    expect(refusals(dropped)).toEqual(['ATTRIBUTE_IN_USE at choices']);
    expect(dropped).toMatchObject({ current: { choices: ['Blue', 'White', 'Green'], version: 1 } });
    expect(done(await edit({ choices: ['Blue', 'White', 'Black'] })).choices).toEqual([
      'Blue',
      'White',
      'Black',
    ]);
  });

  test('that no product carries change freely', async () => {
    done(await save(choice('mood', ['Calm', 'Bright'])));
    // A product whose other attributes stand on both sides of it in the alphabet.
    for (const code of ['age', 'zest']) done(await save(choice(code, ['Much'])));
    await newProduct(desk, shelf, {
      attributes: ['age', 'zest'].map((code) => ({ code, values: ['Much'] })),
    });
    const plain = { code: 'mood', label: 'Mood', kind: 'TEXT' as const, expectedVersion: 1 };
    expect(done(await save(plain))).toMatchObject({ kind: 'TEXT', choices: null, isMultiple: false });
  });
});
