import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import {
  badUserInput,
  codeOf,
  ERRORS,
  errorResponse,
  isErrorCode,
  maskedMessage,
  soukError,
} from './errors.ts';
import { errorsMarkdown } from './errors-markdown.ts';

describe('the table of errors', () => {
  test.each(Object.entries(ERRORS))('%s has a status, a meaning and a remedy', (code, entry) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(entry.status).toBeGreaterThanOrEqual(200);
    expect(entry.status).toBeLessThan(600);
    expect(entry.description).toMatch(/\.$/);
    expect(entry.remedy).toMatch(/\.$/);
  });

  test('is what docs/errors.md says', () => {
    const written = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
    expect(written).toBe(errorsMarkdown());
  });

  test('does not take inherited names for codes', () => {
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode('__proto__')).toBe(false);
    expect(isErrorCode(7)).toBe(false);
  });
});

describe('an error for clients', () => {
  test('carries its code, the argument at fault and what else they may know', () => {
    const error = soukError('RATE_LIMITED', 'slow down', {
      argument: 'first',
      extensions: { retryAfter: 3 },
    });
    expect(error.extensions).toEqual({ code: 'RATE_LIMITED', argument: 'first', retryAfter: 3 });
    expect(badUserInput('no', 'after').extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'after' });
    expect(badUserInput('no').extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  test('keeps its cause to itself', () => {
    const error = soukError('SERVICE_UNAVAILABLE', 'later', { cause: new Error('password=x') });
    expect((error as { cause?: Error }).cause?.message).toBe('password=x');
    expect(JSON.stringify(error)).not.toContain('password');
  });

  test('is told from all other errors', () => {
    expect(codeOf(badUserInput('no'))).toBe('BAD_USER_INPUT');
    expect(codeOf(new Error('no'))).toBeUndefined();
    expect(codeOf(new GraphQLError('no'))).toBeUndefined();
    expect(codeOf(new GraphQLError('no', { extensions: { code: 'MADE_UP' } }))).toBeUndefined();
    expect(codeOf(soukError('INTERNAL_SERVER_ERROR', 'secret'))).toBeUndefined();
  });

  test('fails a whole request with the status of its code', () => {
    expect(errorResponse('CONTENT_TOO_LARGE', 'too much', { limit: 1 })).toEqual({
      status: 413,
      body: { errors: [{ message: 'too much', extensions: { limit: 1, code: 'CONTENT_TOO_LARGE' } }] },
    });
  });

  test('masked, names the id to report', () => {
    expect(maskedMessage('abc')).toContain('abc');
  });
});
