import { describe, expect, test } from '@jest/globals';
import { childNode, isNode, type ParseNode, parseNodeText, textField } from './node-text.ts';

const parse = (text: string) => parseNodeText(text) as ParseNode;

describe('the text form of a parse tree', () => {
  test('is nodes, lists, words and empty values', () => {
    const node = parse(
      '{CREATESTMT :relation {RANGEVAR :relname x :relpersistence t} :tableElts ({A} {B}) :oncommit 3 :of <>}',
    );
    expect(node.type).toBe('CREATESTMT');
    expect(textField(childNode(node, 'relation') as ParseNode, 'relpersistence')).toBe('t');
    expect(node.fields.get('tableElts')).toHaveLength(2);
    expect(textField(node, 'oncommit')).toBe('3');
    expect(node.fields.get('of')).toBeUndefined();
    expect(childNode(node, 'oncommit')).toBeUndefined();
  });

  test('marks blanks and brackets in a word, but not quotes in a string', () => {
    const node = parse(String.raw`{X :a A\ b\(c\) :b "say\ "hi"\ now" :c "" :d :colon :e \"quoted :f "<>"}`);
    expect(Object.fromEntries(node.fields)).toEqual({
      a: 'A b(c)',
      b: 'say "hi" now',
      c: '',
      d: ':colon',
      e: '"quoted',
      f: '<>',
    });
  });

  test('prints a datum as several words, of which the first counts', () => {
    const node = parse('{CONST :constlen 4 :constvalue 4 [ 1 0 0 0 ] :location -1}');
    expect(Object.fromEntries(node.fields)).toEqual({ constlen: '4', constvalue: '4', location: '-1' });
  });

  test('may spread over lines and nest lists of words', () => {
    expect(parseNodeText('("pg_temp" "f")')).toEqual(['pg_temp', 'f']);
    expect(parseNodeText('{X\n :names (("a")\n ("b" 3))}')).toMatchObject({ type: 'X' });
    expect(isNode(parseNodeText('<>'))).toBe(false);
  });

  test.each(['{X :a (1 2', '{X :a', '{X :a 1', '(}'])('that breaks off is an error: %s', (text) => {
    expect(() => parseNodeText(text)).toThrow();
  });
});
