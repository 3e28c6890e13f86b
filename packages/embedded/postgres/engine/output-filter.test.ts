import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorMessage, frame, int32, parameterStatus, readyForQuery } from '../wire/messages.ts';
import { outputFilter, type Reports } from './output-filter.ts';
import { newSession } from './session.ts';

const noReports = (): Reports => ({ values: new Map(), version: 0 });
const row = (text: string) => frame('D', Buffer.from(text));
const complete = frame('C', 'SELECT 1');

describe('the output of Postgres', () => {
  test('is filtered alike, wherever it is cut', () => {
    const session = newSession(7, [['x', 'y']]);
    const stream = Buffer.concat([
      frame('1'),
      row('a row'),
      parameterStatus('TimeZone', 'UTC'),
      frame('A', int32(42), 'channel', 'payload'),
      row('x'.repeat(300)),
      complete,
      readyForQuery('T'),
    ]);
    const whole = outputFilter({ ...session, reported: new Map() }, noReports());
    const expected = whole.pass(stream);
    expect(expected.includes('payload')).toBe(false);
    expect(expected.includes('TimeZone')).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 }), (sizes) => {
        const filter = outputFilter({ ...session, reported: new Map() }, noReports());
        const parts: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] as number;
          // A buffer that is used again, as Postgres' is.
          const piece = Buffer.from(stream.subarray(at, at + size));
          parts.push(Buffer.from(filter.pass(piece)));
          piece.fill(0);
          at += size;
        }
        expect(Buffer.concat(parts)).toEqual(expected);
        expect(filter.state()).toBe('transaction');
        expect(filter.notifications).toHaveLength(1);
      }),
    );
  });

  test('leaves out the answer to a message that was put before the client’s own, once', () => {
    const filter = outputFilter(newSession(7, []), noReports());
    filter.injected('parse-complete');
    expect(filter.pass(Buffer.concat([frame('1'), frame('1'), complete])).toString('latin1', 0, 1)).toBe('1');
    filter.injected('parse-complete');
    filter.pass(errorMessage({ severity: 'ERROR', code: '42P01', message: 'gone' }));
    expect(filter.pass(frame('1'))).toHaveLength(5);
  });

  test('gives statements the names that the client knows', () => {
    const session = newSession(7, []);
    const filter = outputFilter(session, noReports());
    const message = `prepared statement "${session.names.prefix}mine" does not exist`;
    const answer = filter.pass(errorMessage({ severity: 'ERROR', code: '26000', message }));
    expect(answer.toString()).toContain('prepared statement "mine" does not exist');
    expect(answer.readInt32BE(1)).toBe(answer.length - 1);
  });

  test('ends in the state that ReadyForQuery told, whatever is said aside', () => {
    const filter = outputFilter(newSession(7, []), noReports());
    expect(filter.state()).toBe('unfinished');
    filter.pass(Buffer.concat([complete, readyForQuery('E'), parameterStatus('a', 'b')]));
    expect(filter.state()).toBe('failed');
    filter.pass(complete);
    expect(filter.state()).toBe('unfinished');
  });

  test('tells when Postgres reads COPY data', () => {
    const filter = outputFilter(newSession(7, []), noReports());
    filter.pass(frame('G', Buffer.from([0, 0, 0])));
    expect(filter.isCopyingIn()).toBe(true);
    filter.pass(errorMessage({ severity: 'WARNING', code: '01000', message: 'still' }));
    expect(filter.isCopyingIn()).toBe(true);
    filter.pass(complete);
    expect(filter.isCopyingIn()).toBe(false);
  });
});
