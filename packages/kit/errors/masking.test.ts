import { describe, expect, jest, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import type { Log } from '../observe/log.ts';
import { badUserInput, soukError } from './errors.ts';
import { maskError } from './masking.ts';

function mask(error: unknown, extensions: Record<string, unknown> = { code: 'INTERNAL_SERVER_ERROR' }) {
  const logged = jest.fn();
  const log = { error: logged, debug: logged, info: logged, warn: logged } as unknown as Log;
  const codes: string[] = [];
  const formatted = {
    message: (error as Error).message,
    path: ['shelf', 0],
    locations: [{ line: 1, column: 2 }],
    extensions,
  };
  const told = maskError(formatted, error, {
    service: 'shelf',
    requestId: 'req-1',
    log,
    count: (code) => codes.push(code),
  });
  return { told, logged, codes };
}

/** As GraphQL hands over what a resolver threw. */
const located = (thrown: Error) => new GraphQLError(thrown.message, { originalError: thrown });

/** GraphQL copies the extensions of whatever was thrown, and the server fills in a code. */
const extensionsOf = (thrown: Error & { extensions?: Record<string, unknown> }) => ({
  code: 'INTERNAL_SERVER_ERROR',
  ...thrown.extensions,
});

describe('what a client reads', () => {
  test('is our own word when the fault is theirs', () => {
    const { told, logged, codes } = mask(located(badUserInput('`first` must be from 1 to 100', 'first')), {
      code: 'BAD_USER_INPUT',
      argument: 'first',
    });
    expect(told).toMatchObject({
      message: '`first` must be from 1 to 100',
      path: ['shelf', 0],
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    });
    expect(logged).not.toHaveBeenCalled();
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });

  test('is the code of our rule, where the server calls all of them validation', () => {
    const { told } = mask(soukError('OPERATION_TOO_LARGE', 'deep'), { code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(told.extensions).toMatchObject({ code: 'OPERATION_TOO_LARGE' });
  });

  test('is GraphQL’s own word about a document', () => {
    const { told } = mask(new GraphQLError('Cannot query field "x"'), { code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(told.message).toBe('Cannot query field "x"');
  });

  test.each([
    ['any error', new Error('relation "users" does not exist')],
    ['a foreign GraphQL error', new GraphQLError('secret', { extensions: { code: 'THEIR_OWN' } })],
    [
      'an error dressed up as ours',
      Object.assign(new Error('secret'), { extensions: { code: 'NOT_FOUND' } }),
    ],
    ['our own internal one', soukError('INTERNAL_SERVER_ERROR', 'secret')],
  ])('is an id to report for %s', (_, thrown) => {
    const { told, logged, codes } = mask(located(thrown), extensionsOf(thrown));
    expect(told).toEqual({
      message: 'Something went wrong on our side. Report this id: req-1',
      path: ['shelf', 0],
      locations: [{ line: 1, column: 2 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-1' },
    });
    expect(logged.mock.calls[0]?.[0]).toMatchObject({ err: thrown, requestId: 'req-1' });
    expect(codes).toEqual(['INTERNAL_SERVER_ERROR']);
  });

  test('is that it may come back, when a store is away', () => {
    const refusedConnection = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7'), {
      code: 'ECONNREFUSED',
    });
    const wrapped = new Error('Failed query', { cause: refusedConnection });
    const { told, codes } = mask(located(wrapped));
    expect(told.message).toBe('shelf cannot reach its store; try again shortly');
    expect(told.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', requestId: 'req-1' });
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  });
});
