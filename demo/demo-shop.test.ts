import { describe, expect, test } from '@jest/globals';
import { demoPeople } from './people.ts';
import { choicesOf, demoAttributes, demoProducts } from './products.ts';
import { demoQuestions } from './questions.ts';
import { demoReviews } from './reviews.ts';
import { departments, shelves } from './shelves/shelves.ts';
import { demoSignIns } from './sign-ins.ts';

const products = demoProducts();
const reviews = demoReviews(products.length, (product) => products[product]!.thing);
const questions = demoQuestions(products.length, (product) => products[product]!.thing);
const distinct = (values: readonly unknown[]) => new Set(values).size;

describe('The demo shop', () => {
  test('has the size that it promises', () => {
    expect([...departments, ...shelves]).toHaveLength(12);
    expect(products).toHaveLength(600);
    expect(products.flatMap(({ variants }) => variants)).toHaveLength(1_800);
    expect(demoPeople).toHaveLength(40);
    expect(reviews).toHaveLength(3_000);
    expect(questions).toHaveLength(240);
  });

  test('is the same shop each time', () => {
    expect(demoProducts()).toEqual(products);
    expect(demoReviews(products.length, (product) => products[product]!.thing)).toEqual(reviews);
  });

  test('repeats no slug, number, address or review', () => {
    expect(distinct(products.map(({ slug }) => slug))).toBe(600);
    expect(distinct(products.flatMap(({ variants }) => variants.map(({ sku }) => sku)))).toBe(1_800);
    expect(distinct(products.flatMap(({ variants }) => variants.map(({ barcode }) => barcode)))).toBe(1_800);
    expect(distinct(demoPeople.map(({ email }) => email))).toBe(40);
    expect(distinct(reviews.map(({ author, product }) => `${author} on ${product}`))).toBe(3_000);
  });

  test('describes products by attributes that there are', () => {
    const codes: string[] = demoAttributes.map(({ code }) => code);
    for (const { attributes } of products) {
      for (const { code, values } of attributes) {
        expect(codes).toContain(code);
        if (code === 'material' || code === 'origin') expect(choicesOf(code)).toContain(values[0]);
      }
    }
  });

  test('is liked by most, loved in parts, and has things with a fault', () => {
    const share = (stars: number) =>
      reviews.filter((review) => review.stars === stars).length / reviews.length;
    expect(share(5)).toBeGreaterThan(0.45);
    expect(share(4)).toBeGreaterThan(share(3));
    for (const stars of [1, 2, 3]) expect(share(stars)).toBeGreaterThan(0.01);
  });

  test('lets nobody find a review of their own helpful', () => {
    expect(reviews.filter(({ author, helpfulTo }) => helpfulTo.includes(author))).toEqual([]);
  });

  test('has somebody to sign in as for each kind of work', () => {
    expect(
      demoSignIns.map(({ is, email }) => [is, demoPeople.find((person) => person.email === email)?.roles]),
    ).toEqual([
      ['shopper', []],
      ['moderator', ['moderator']],
      ['catalog manager', ['catalog-manager']],
      ['administrator', ['admin']],
    ]);
  });
});
