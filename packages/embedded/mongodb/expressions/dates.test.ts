import { expect, test } from '@jest/globals';
import { ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { error, evaluate, long, table } from './tests/table.ts';

const iso = (text: string) => new Date(text);
const date = iso('2014-01-01T08:15:39.736Z');

table('parts of dates', [
  [{ $year: '$d' }, 2014, { d: date }],
  [{ $month: '$d' }, 1, { d: date }],
  [{ $dayOfMonth: '$d' }, 1, { d: date }],
  [{ $dayOfWeek: '$d' }, 4, { d: date }],
  [{ $dayOfYear: '$d' }, 1, { d: date }],
  [{ $hour: '$d' }, 8, { d: date }],
  [{ $minute: '$d' }, 15, { d: date }],
  [{ $second: '$d' }, 39, { d: date }],
  [{ $millisecond: '$d' }, 736, { d: date }],
  [{ $week: '$d' }, 0, { d: date }],
  [{ $week: { date: iso('2016-01-01T00:00:00Z') } }, 0],
  [{ $week: { date: iso('2011-08-14T00:00:00Z'), timezone: 'America/Chicago' } }, 32],
  [{ $week: { date: iso('1998-11-02T00:00:00Z'), timezone: '-0500' } }, 44],
  [{ $isoWeek: { date: iso('1998-11-02T00:00:00Z'), timezone: '-0500' } }, 44],
  [{ $isoWeek: { date: iso('2016-01-01T00:00:00Z') } }, 53],
  [{ $isoWeekYear: { date: iso('2015-12-31T00:00:00Z') } }, long(2015)],
  [{ $isoWeekYear: iso('2016-01-03T00:00:00Z') }, long(2015)],
  [{ $isoDayOfWeek: iso('2016-01-03T00:00:00Z') }, 7],
  [{ $year: { date: iso('2010-01-01T00:00:00Z'), timezone: 'America/Chicago' } }, 2009],
  [{ $dayOfMonth: { date: iso('2017-03-26T00:59:59Z'), timezone: 'Europe/Berlin' } }, 26],
  [{ $hour: { date: iso('2017-03-26T01:00:00Z'), timezone: 'Europe/Berlin' } }, 3],
  [{ $hour: { date: iso('1969-12-31T23:59:59.999Z'), timezone: '+05:30' } }, 5],
  [{ $millisecond: iso('1969-12-31T23:59:59.999Z') }, 999],
  [{ $year: new ObjectId('5ab9c3da31c2ab715d421285') }, 2018],
  [{ $year: new Timestamp({ t: 1_500_000_000, i: 1 }) }, 2017],
  [{ $year: null }, null],
  [{ $year: { date: '$absent', timezone: 'UTC' } }, null],
  [{ $year: { date, timezone: null } }, null],
  [{ $year: [date] }, 2014],
  [{ $year: [date, date] }, error(40536)],
  [{ $year: { timezone: 'UTC' } }, error(40539)],
  [{ $year: { date, zone: 'UTC' } }, error(40535)],
  [{ $year: 'today' }, error(16006)],
  [{ $year: { date, timezone: 'Nowhere/Else' } }, error(40485)],
  [{ $year: { date, timezone: 'europe/berlin' } }, error(40485)],
  [{ $year: { date, timezone: '+5' } }, error(40485)],
  [{ $year: { date, timezone: 5 } }, error(40517)],
  [
    { $dateToParts: { date: iso('2017-01-01T01:29:09.123Z') } },
    { year: 2017, month: 1, day: 1, hour: 1, minute: 29, second: 9, millisecond: 123 },
  ],
  [
    { $dateToParts: { date: iso('2017-01-01T01:29:09.123Z'), timezone: 'America/New_York' } },
    { year: 2016, month: 12, day: 31, hour: 20, minute: 29, second: 9, millisecond: 123 },
  ],
  [
    { $dateToParts: { date: iso('2017-01-01T01:29:09.123Z'), iso8601: true } },
    { isoWeekYear: 2016, isoWeek: 52, isoDayOfWeek: 7, hour: 1, minute: 29, second: 9, millisecond: 123 },
  ],
  [{ $dateToParts: { date: null } }, null],
  [{ $dateToParts: { date, iso8601: 1 } }, error(40521)],
  [{ $dateToParts: date }, error(40524)],
  [{ $dateToParts: { day: date } }, error(40520)],
  [{ $dateToParts: {} }, error(40522)],
]);

table('$dateFromParts', [
  [{ $dateFromParts: { year: 2017, month: 2, day: 8, hour: 12 } }, iso('2017-02-08T12:00:00Z')],
  [
    { $dateFromParts: { isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 3, hour: 12 } },
    iso('2017-02-08T12:00:00Z'),
  ],
  [
    {
      $dateFromParts: {
        year: 2016,
        month: 12,
        day: 31,
        hour: 23,
        minute: 46,
        second: 12,
        timezone: 'America/New_York',
      },
    },
    iso('2017-01-01T04:46:12Z'),
  ],
  [{ $dateFromParts: { year: 2017, month: 14, day: 1, hour: 12 } }, iso('2018-02-01T12:00:00Z')],
  [{ $dateFromParts: { year: 2017, month: 0, day: 1, hour: 12 } }, iso('2016-12-01T12:00:00Z')],
  [{ $dateFromParts: { year: 2017, day: -1 } }, iso('2016-12-30T00:00:00Z')],
  [
    { $dateFromParts: { year: 2021, month: 3, day: 14, hour: 2, minute: 30, timezone: 'America/New_York' } },
    iso('2021-03-14T07:30:00Z'),
  ],
  [
    { $dateFromParts: { year: 2021, month: 3, day: 28, hour: 2, minute: 30, timezone: 'Europe/Berlin' } },
    iso('2021-03-28T01:30:00Z'),
  ],
  [{ $dateFromParts: { year: 2021, month: 7, day: 1, timezone: 'Asia/Tokyo' } }, iso('2021-06-30T15:00:00Z')],
  [{ $dateFromParts: { year: 1 } }, iso('0001-01-01T00:00:00Z')],
  [{ $dateFromParts: { year: 2017, month: '$absent' } }, null],
  [{ $dateFromParts: { year: 0 } }, error(40523)],
  [{ $dateFromParts: { isoWeekYear: 10_000 } }, error(31095)],
  [{ $dateFromParts: { year: 2017, month: 40_000 } }, error(31034)],
  [{ $dateFromParts: { year: 2017, month: 1.5 } }, error(40515)],
  [{ $dateFromParts: { year: 2017, isoWeek: 1 } }, error(40489)],
  [{ $dateFromParts: { isoWeekYear: 2017, month: 1 } }, error(40525)],
  [{ $dateFromParts: { month: 1 } }, error(40516)],
  [{ $dateFromParts: { year: 1, century: 1 } }, error(40518)],
  [{ $dateFromParts: 1 }, error(40519)],
  [{ $dateFromParts: { year: 2017, second: long('9223372036854775807') } }, error(15)],
]);

table('$dateToString', [
  [{ $dateToString: { date } }, '2014-01-01T08:15:39.736Z'],
  [{ $dateToString: { format: '%Y-%m-%d', date } }, '2014-01-01'],
  [{ $dateToString: { format: '%H:%M:%S:%L%z', date, timezone: 'America/New_York' } }, '03:15:39:736-0500'],
  [{ $dateToString: { format: '%H:%M:%S:%L%z', date, timezone: '+04:30' } }, '12:45:39:736+0430'],
  [{ $dateToString: { format: '%H:%M:%S:%L%Z', date, timezone: 'America/New_York' } }, '03:15:39:736-300'],
  [{ $dateToString: { format: '%H:%M:%S:%L%Z', date, timezone: '+04:30' } }, '12:45:39:736+270'],
  [
    { $dateToString: { format: '%j %U %w %u %V %G %b %B 100%%', date } },
    '001 00 4 3 01 2014 Jan January 100%',
  ],
  [{ $dateToString: { format: '', date } }, ''],
  [{ $dateToString: { date: null, onNull: 'none' } }, 'none'],
  [{ $dateToString: { date: '$absent' } }, null],
  [{ $dateToString: { date, format: null } }, null],
  [{ $dateToString: { date, timezone: null } }, null],
  [{ $dateToString: { date: null, format: '%q' } }, error(18536)],
  [{ $dateToString: { date, format: '%' } }, error(18535)],
  [{ $dateToString: { date, format: 1 } }, error(18533)],
  [{ $dateToString: { date: iso('+012345-01-01T00:00:00Z') } }, error(18537)],
  [{ $dateToString: { format: '%Y' } }, error(18628)],
  [{ $dateToString: date }, error(18629)],
  [{ $dateToString: { date, zone: 1 } }, error(18534)],
  [{ $dateToString: { date: 'x' } }, error(16006)],
]);

table('$dateFromString', [
  [{ $dateFromString: { dateString: '2017-02-08T12:10:40.787' } }, iso('2017-02-08T12:10:40.787Z')],
  [
    { $dateFromString: { dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York' } },
    iso('2017-02-08T17:10:40.787Z'),
  ],
  [{ $dateFromString: { dateString: '2017-02-08' } }, iso('2017-02-08T00:00:00Z')],
  [{ $dateFromString: { dateString: '06-15-2018', format: '%m-%d-%Y' } }, iso('2018-06-15T00:00:00Z')],
  [{ $dateFromString: { dateString: '15-06-2018', format: '%d-%m-%Y' } }, iso('2018-06-15T00:00:00Z')],
  [
    { $dateFromString: { dateString: '2018-06-15 7:05:09.25', format: '%Y-%m-%d %H:%M:%S.%L' } },
    iso('2018-06-15T07:05:09.250Z'),
  ],
  [
    { $dateFromString: { dateString: '15 Jun 2018 +0200', format: '%d %b %Y %z' } },
    iso('2018-06-14T22:00:00Z'),
  ],
  [
    { $dateFromString: { dateString: '15 june 2018 +120', format: '%d %B %Y %Z' } },
    iso('2018-06-14T22:00:00Z'),
  ],
  [{ $dateFromString: { dateString: '2017 166', format: '%Y %j' } }, iso('2017-06-15T00:00:00Z')],
  [{ $dateFromString: { dateString: '2016 52 7', format: '%G %V %u' } }, iso('2017-01-01T00:00:00Z')],
  [
    { $dateFromString: { dateString: '100%2018-01-02', format: '100%%%Y-%m-%d' } },
    iso('2018-01-02T00:00:00Z'),
  ],
  [{ $dateFromString: { dateString: '2017-02-08T12:10:40Z' } }, iso('2017-02-08T12:10:40Z')],
  [{ $dateFromString: { dateString: '2017-02-08 12:10:40+02:00' } }, iso('2017-02-08T10:10:40Z')],
  [{ $dateFromString: { dateString: '2017-02-08T121040' } }, iso('2017-02-08T12:10:40Z')],
  [{ $dateFromString: { dateString: '20170208' } }, iso('2017-02-08T00:00:00Z')],
  [{ $dateFromString: { dateString: 'July 4, 2013' } }, iso('2013-07-04T00:00:00Z')],
  [{ $dateFromString: { dateString: 'July 4th, 2013 11:00 PM' } }, iso('2013-07-04T23:00:00Z')],
  [{ $dateFromString: { dateString: '4 Jul 2013 11am' } }, iso('2013-07-04T11:00:00Z')],
  [{ $dateFromString: { dateString: 'Wed, 08 Feb 2017 12:10:40 EST' } }, iso('2017-02-08T17:10:40Z')],
  [{ $dateFromString: { dateString: '2/8/2017' } }, iso('2017-02-08T00:00:00Z')],
  [{ $dateFromString: { dateString: '2017-W06-3' } }, iso('2017-02-08T00:00:00Z')],
  [{ $dateFromString: { dateString: '2017-07' } }, iso('2017-07-01T00:00:00Z')],
  [{ $dateFromString: { dateString: '2017-02-30' } }, error(241)],
  [{ $dateFromString: { dateString: '2017-02-08T25:00:00' } }, error(241)],
  [{ $dateFromString: { dateString: 'July 4th' } }, error(241)],
  [{ $dateFromString: { dateString: '12:30' } }, error(241)],
  [{ $dateFromString: { dateString: '' } }, error(241)],
  [{ $dateFromString: { dateString: 'x'.repeat(100_000) } }, error(241)],
  [{ $dateFromString: { dateString: '2017-02-08 Europe' } }, error(241)],
  [{ $dateFromString: { dateString: '2017-02-08T12:10:40Z', timezone: 'Europe/London' } }, error(241)],
  [{ $dateFromString: { dateString: '2017-02-08T12:10:40+01:00', timezone: 'Europe/London' } }, error(241)],
  [{ $dateFromString: { dateString: '2017-02-08x', format: '%Y-%m-%d' } }, error(241)],
  [{ $dateFromString: { dateString: '2017-02', format: '%Y-%m-%d' } }, error(241)],
  [{ $dateFromString: { dateString: '2017', format: '%Y' } }, error(241)],
  [{ $dateFromString: { dateString: 5 } }, error(241)],
  [{ $dateFromString: { dateString: 5, onError: 'bad' } }, 'bad'],
  [{ $dateFromString: { dateString: 'tomorrow-ish', onError: 'bad' } }, 'bad'],
  [{ $dateFromString: { dateString: null, onNull: 'none' } }, 'none'],
  [{ $dateFromString: { dateString: null } }, null],
  [{ $dateFromString: { dateString: '2017-02-08', format: null } }, null],
  [{ $dateFromString: { dateString: '2017-02-08', format: '%U', onError: 1 } }, error(18536)],
  [{ $dateFromString: { dateString: '2017-02-08', format: 5 } }, error(40684)],
  [{ $dateFromString: { dateString: '2017-02-08', timezone: 'x', onError: 1 } }, error(40485)],
  [{ $dateFromString: {} }, error(40542)],
  [{ $dateFromString: 'x' }, error(40540)],
  [{ $dateFromString: { dateString: 'x', zone: 1 } }, error(40541)],
]);

const add = (start: string, unit: string, amount: unknown, timezone?: string) => ({
  $dateAdd: { startDate: iso(start), unit, amount, ...(timezone ? { timezone } : {}) },
});

table('$dateAdd and $dateSubtract', [
  [add('2020-10-31T12:10:05Z', 'month', 1), iso('2020-11-30T12:10:05Z')],
  [add('2020-11-30T12:10:05Z', 'month', 3), iso('2021-02-28T12:10:05Z')],
  [add('2020-02-29T00:00:00Z', 'year', 1), iso('2021-02-28T00:00:00Z')],
  [add('2020-12-31T00:00:00Z', 'quarter', 1), iso('2021-03-31T00:00:00Z')],
  [add('2020-12-31T00:00:00Z', 'quarter', -1), iso('2020-09-30T00:00:00Z')],
  [add('2021-02-25T14:42:53Z', 'day', 3), iso('2021-02-28T14:42:53Z')],
  [add('2021-02-25T14:42:53Z', 'week', 1), iso('2021-03-04T14:42:53Z')],
  [add('2021-02-25T14:42:53Z', 'hour', 24), iso('2021-02-26T14:42:53Z')],
  [add('2021-02-25T14:42:53Z', 'millisecond', 1), iso('2021-02-25T14:42:53.001Z')],
  [add('2020-11-01T05:50:02Z', 'hour', 1, 'America/New_York'), iso('2020-11-01T06:50:02Z')],
  [add('2021-03-13T12:00:00Z', 'day', 1, 'America/New_York'), iso('2021-03-14T11:00:00Z')],
  [add('2021-10-30T22:30:00Z', 'day', 1, 'Europe/Berlin'), iso('2021-10-31T23:30:00Z')],
  [add('2021-10-30T22:30:00Z', 'month', 1, 'Europe/Berlin'), iso('2021-11-29T23:30:00Z')],
  [
    { $dateSubtract: { startDate: iso('2021-03-31T12:00:00Z'), unit: 'month', amount: 1 } },
    iso('2021-02-28T12:00:00Z'),
  ],
  [{ $dateSubtract: { startDate: '$absent', unit: 'month', amount: 1 } }, null],
  [add('2021-01-01T00:00:00Z', 'day', null), null],
  [add('2021-01-01T00:00:00Z', 'days', 1), error(9)],
  [add('2021-01-01T00:00:00Z', 'day', 1.5), error(5166405)],
  [add('2021-01-01T00:00:00Z', 'day', 'x'), error(5166405)],
  [add('2021-01-01T00:00:00Z', 'year', 300_000), error(5166406)],
  [add('2021-01-01T00:00:00Z', 'year', long('9223372036854775807')), error(5976500)],
  [add('2021-01-01T00:00:00Z', 'millisecond', long('9223372036854775807')), error(5166406)],
  [{ $dateSubtract: { startDate: date, unit: 'day', amount: long('-9223372036854775808') } }, error(6045000)],
  [{ $dateAdd: { startDate: 'x', unit: 'day', amount: 1 } }, error(5166403)],
  [{ $dateAdd: { startDate: date, unit: 5, amount: 1 } }, error(5166404)],
  [{ $dateAdd: { startDate: date, unit: 'day' } }, error(5166402)],
  [{ $dateAdd: { startDate: date, unit: 'day', amount: 1, x: 1 } }, error(5166401)],
  [{ $dateAdd: 1 }, error(5166400)],
]);

const diff = (start: string, end: string, unit: string, more: object = {}) => ({
  $dateDiff: { startDate: iso(start), endDate: iso(end), unit, ...more },
});

table('$dateDiff', [
  [diff('2020-12-31T23:59:59Z', '2021-01-01T00:00:00Z', 'year'), long(1)],
  [diff('2021-01-01T00:00:00Z', '2021-12-31T00:00:00Z', 'year'), long(0)],
  [diff('2021-03-31T00:00:00Z', '2021-04-01T00:00:00Z', 'quarter'), long(1)],
  [diff('2021-01-31T00:00:00Z', '2020-11-01T00:00:00Z', 'month'), long(-2)],
  [diff('2021-01-23T00:00:00Z', '2021-01-24T00:00:00Z', 'week'), long(1)],
  [diff('2021-01-24T00:00:00Z', '2021-01-25T00:00:00Z', 'week', { startOfWeek: 'Monday' }), long(1)],
  [diff('2021-01-24T00:00:00Z', '2021-01-25T00:00:00Z', 'week', { startOfWeek: 'fri' }), long(0)],
  [diff('2021-01-24T23:00:00Z', '2021-01-25T01:00:00Z', 'day'), long(1)],
  [diff('2021-01-24T23:00:00Z', '2021-01-25T01:00:00Z', 'day', { timezone: '+02' }), long(0)],
  [diff('2021-03-14T06:30:00Z', '2021-03-14T07:30:00Z', 'hour', { timezone: 'America/New_York' }), long(1)],
  [
    diff('2021-03-14T06:30:00Z', '2021-03-14T07:31:00Z', 'minute', { timezone: 'America/New_York' }),
    long(61),
  ],
  [
    diff('2020-11-01T05:30:00Z', '2020-11-01T06:30:05Z', 'second', { timezone: 'America/New_York' }),
    long(3605),
  ],
  [diff('2021-01-01T00:00:00Z', '2021-01-01T00:00:01Z', 'millisecond'), long(1000)],
  [{ $dateDiff: { startDate: null, endDate: date, unit: 'day' } }, null],
  [diff('2021-01-01T00:00:00Z', '2021-01-01T00:00:01Z', 'week', { startOfWeek: null }), null],
  [diff('2021-01-01T00:00:00Z', '2021-01-01T00:00:01Z', 'eon'), error(5439014)],
  [diff('2021-01-01T00:00:00Z', '2021-01-01T00:00:01Z', 'week', { startOfWeek: 'Satur' }), error(5439016)],
  [diff('2021-01-01T00:00:00Z', '2021-01-01T00:00:01Z', 'week', { startOfWeek: 1 }), error(5439015)],
  [diff('2021-01-01T00:00:00Z', '2021-01-01T00:00:01Z', 'day', { timezone: 'x' }), error(40485)],
  [{ $dateDiff: { startDate: 'x', endDate: date, unit: 'day' } }, error(5166307)],
  [{ $dateDiff: { startDate: date, endDate: date, unit: 1 } }, error(5439013)],
  [{ $dateDiff: { startDate: date, endDate: date } }, error(5166305)],
  [{ $dateDiff: { startDate: date, unit: 1 } }, error(5166304)],
  [{ $dateDiff: { endDate: date, unit: 1 } }, error(5166303)],
  [{ $dateDiff: 1 }, error(5166301)],
  [{ $dateDiff: { x: 1 } }, error(5166302)],
]);

const trunc = (text: string, unit: string, more: object = {}) => ({
  $dateTrunc: { date: iso(text), unit, ...more },
});

table('$dateTrunc', [
  [trunc('2021-03-20T11:30:05Z', 'year'), iso('2021-01-01T00:00:00Z')],
  [trunc('2021-06-20T11:30:05Z', 'quarter'), iso('2021-04-01T00:00:00Z')],
  [trunc('2021-06-20T11:30:05Z', 'month', { binSize: 6 }), iso('2021-01-01T00:00:00Z')],
  [trunc('2021-03-20T11:30:05Z', 'week'), iso('2021-03-14T00:00:00Z')],
  [trunc('2021-03-20T11:30:05Z', 'week', { startOfWeek: 'monday' }), iso('2021-03-15T00:00:00Z')],
  [
    trunc('2021-03-20T11:30:05Z', 'week', {
      binSize: 2,
      timezone: 'America/Los_Angeles',
      startOfWeek: 'Monday',
    }),
    iso('2021-03-15T07:00:00Z'),
  ],
  [trunc('2021-03-20T11:30:05Z', 'day', { timezone: 'Europe/Berlin' }), iso('2021-03-19T23:00:00Z')],
  [trunc('2021-07-20T11:30:05Z', 'day', { timezone: 'Europe/Berlin' }), iso('2021-07-19T22:00:00Z')],
  [trunc('2021-03-20T11:30:05Z', 'hour', { binSize: 12 }), iso('2021-03-20T00:00:00Z')],
  [trunc('2021-03-20T11:30:05Z', 'minute', { binSize: 20 }), iso('2021-03-20T11:20:00Z')],
  [trunc('1999-12-31T23:59:59Z', 'hour'), iso('1999-12-31T23:00:00Z')],
  [trunc('1999-12-31T23:59:59Z', 'month', { binSize: 7 }), iso('1999-06-01T00:00:00Z')],
  [trunc('2021-03-20T11:30:05.999Z', 'second'), iso('2021-03-20T11:30:05Z')],
  [trunc('2021-03-20T11:30:05.999Z', 'millisecond', { binSize: 10 }), iso('2021-03-20T11:30:05.990Z')],
  [{ $dateTrunc: { date: null, unit: 'day' } }, null],
  [{ $dateTrunc: { date: date, unit: 'day', binSize: '$absent' } }, null],
  [{ $dateTrunc: { date, unit: 'day', binSize: 0 } }, error(5439018)],
  [{ $dateTrunc: { date, unit: 'day', binSize: 1.5 } }, error(5439017)],
  [{ $dateTrunc: { date, unit: 'day', binSize: long('200000000000') } }, error(5439006)],
  [{ $dateTrunc: { date, unit: 'hour', binSize: long('9223372036854775807') } }, error(5439002)],
  [{ $dateTrunc: { date: 'x', unit: 'day' } }, error(5439012)],
  [{ $dateTrunc: { date, unit: 'x' } }, error(5439014)],
  [{ $dateTrunc: { date } }, error(5439010)],
  [{ $dateTrunc: { unit: 'day' } }, error(5439009)],
  [{ $dateTrunc: 1 }, error(5439007)],
  [{ $dateTrunc: { date, unit: 'day', x: 1 } }, error(5439008)],
]);

const anyDate = fc.date({ min: new Date('1000-01-01'), max: new Date('9000-01-01'), noInvalidDate: true });
const anyZone = fc.constantFrom('UTC', '+05:45', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe');

test('a date survives being written to and read from text, in every zone', () => {
  const text = { $dateToString: { date: '$d', format: '%Y-%m-%dT%H:%M:%S.%L%z', timezone: '$zone' } };
  const read = { $dateFromString: { dateString: text, format: '%Y-%m-%dT%H:%M:%S.%L%z' } };
  // Offsets of the 19th century have seconds, which %z does not show.
  const modern = fc.date({ min: new Date('1950-01-01'), max: new Date('2400-01-01'), noInvalidDate: true });
  fc.assert(fc.property(modern, anyZone, (d, zone) => expect(evaluate(read, { d, zone })).toEqual(d)));
});

test('the ISO parts of a date make that date again', () => {
  fc.assert(
    fc.property(anyDate, (d) => {
      const parts = evaluate({ $dateToParts: { date: d, iso8601: true } });
      expect(evaluate({ $dateFromParts: parts })).toEqual(d);
    }),
  );
});

test('the calendar agrees with JavaScript', () => {
  fc.assert(
    fc.property(anyDate, (d) => {
      expect(evaluate([{ $year: d }, { $month: d }, { $dayOfMonth: d }, { $dayOfWeek: d }])).toEqual([
        d.getUTCFullYear(),
        d.getUTCMonth() + 1,
        d.getUTCDate(),
        d.getUTCDay() + 1,
      ]);
    }),
  );
});

test('adding the difference in days leads to the same day', () => {
  fc.assert(
    fc.property(anyDate, anyDate, anyZone, (a, b, timezone) => {
      const amount = { $dateDiff: { startDate: a, endDate: b, unit: 'day', timezone } };
      const moved = { $dateAdd: { startDate: a, unit: 'day', amount, timezone } };
      expect(evaluate({ $dateDiff: { startDate: moved, endDate: b, unit: 'day', timezone } })).toEqual(
        long(0),
      );
    }),
  );
});
