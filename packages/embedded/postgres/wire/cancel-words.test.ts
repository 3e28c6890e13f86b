import { expect, test } from '@jest/globals';
import { errorFields } from '../tests/raw-client.ts';
import { cancelError, withCancelReason } from './cancel-words.ts';
import { HEAD, readyForQuery } from './messages.ts';

test('an answer tells why its statement was stopped', () => {
  const answer = Buffer.concat([cancelError('user'), readyForQuery('I')]);
  expect(withCancelReason(answer, 'user')).toBe(answer);
  const timedOut = withCancelReason(answer, 'statement_timeout');
  expect(errorFields(timedOut.subarray(HEAD)).M).toBe('canceling statement due to statement timeout');
  expect(timedOut.subarray(-6)).toEqual(readyForQuery('I'));
  expect(errorFields(cancelError('lock_timeout').subarray(HEAD))).toMatchObject({ C: '55P03' });
  expect(withCancelReason(readyForQuery('I'), 'statement_timeout')).toEqual(readyForQuery('I'));
});
