import t from 'tap';
import { timeOfAny, timeWithin, timeWithoutYear } from '../../lib/text/any-time.ts';

const now = Date.UTC(2026, 10, 28, 12);
const iso = (time: number): string => (Number.isNaN(time) ? 'none' : new Date(time).toISOString());

t.test('the year of a time that leaves it out is the latest that is no more than a day ahead', async (t) => {
  const table: [text: string, time: string][] = [
    ['Nov 28 10:00:01 host op[12]: ', '2026-11-28T10:00:01.000Z'],
    ['Nov  1 10:00:01.250 host op[12]: ', '2026-11-01T10:00:01.250Z'],
    ['<13>Nov 29 11:59:59 host op: ', '2026-11-29T11:59:59.000Z'],
    ['Nov 29 12:00:01 host op: ', '2025-11-29T12:00:01.000Z'],
    ['Dec 31 23:59:59 host op: ', '2025-12-31T23:59:59.000Z'],
    ['Feb 29 00:00:00 host op: ', '2024-02-29T00:00:00.000Z'],
    ['pod-a app 11-28 10:00:01 ', '2026-11-28T10:00:01.000Z'],
    ['pod-a app 12-01 10:00:01,5 ', '2025-12-01T10:00:01.500Z'],
    ['Nov 31 10:00:01 host op: ', 'none'],
    ['Nov 28 25:00:01 host op: ', 'none'],
    ['November 28 10:00:01', 'none'],
    ['1-11-28 10:00:01', 'none'],
    ['no time', 'none'],
  ];
  for (const [text, time] of table) t.equal(iso(timeWithoutYear(text, now)), time, text);
  t.equal(
    iso(timeWithoutYear('Jan  1 00:30:00 host', Date.UTC(2026, 11, 31, 23))),
    '2027-01-01T00:30:00.000Z',
  );
});

t.test('a time with its year needs nothing else', async (t) => {
  t.equal(iso(timeWithin('2024-04-01T00:00:00+0200 host')), '2024-03-31T22:00:00.000Z');
  t.equal(iso(timeWithin('Nov 28 10:00:01 host')), 'none');
});

t.test('figures since the epoch count where a line or a column begins', async (t) => {
  const time = '2024-04-01T13:37:00.123Z';
  for (const text of [
    '1711978620.123 host op[1]: ',
    '[0] kube.op: [[1711978620.123, {}], ',
    '[0] kube.op: [1711978620.123, ',
    '1711978620123\t',
    'EVENTS\t1711978620123\t',
    '1711978620123000 ',
  ]) {
    t.equal(iso(timeWithin(text)), time, text);
  }
  for (const text of [
    '1711978620 ',
    '[1711978620] ',
    'id=1711978620123 ',
    'x 1711978620.123 ',
    '1711978620.123',
  ]) {
    t.equal(iso(timeWithin(text)), 'none', text);
  }
});

t.test('a value whose zone is not known is no time, and no other one', async (t) => {
  for (const zone of [
    'CEST',
    'PST',
    'Europe/Berlin',
    '[Europe/Berlin]',
    'PM',
    'UTC+2',
    'UTC-02:00',
    'GMT+0200',
  ]) {
    for (const text of [`2024-04-01 10:00:00 ${zone}`, `2024-04-01T10:00:00.5${zone}`]) {
      t.equal(iso(timeOfAny(text)), 'none', text);
    }
  }
  for (const zone of [
    '',
    'Z',
    ' Z',
    ' UTC',
    ' GMT',
    'z',
    ' utc',
    'Z[UTC]',
    '+00:00',
    ' +0000 UTC',
    '+00:00[Europe/London]',
    ' -0000 UTC m=+0.1',
  ]) {
    const text = `2024-04-01T10:00:00${zone}`;
    t.equal(iso(timeOfAny(text)), '2024-04-01T10:00:00.000Z', text);
  }
  t.equal(iso(timeOfAny('2024-04-01 10:00:00.25 +0200 CEST')), '2024-04-01T08:00:00.250Z');
  t.equal(iso(timeWithin('2024-04-01 10:00:00 host')), '2024-04-01T10:00:00.000Z', 'of a line');
});

t.test('times of web servers', async (t) => {
  t.equal(iso(timeOfAny('01/Apr/2024:13:37:00 +0200')), '2024-04-01T11:37:00.000Z');
  t.equal(iso(timeWithin('[01/Apr/2024:13:37:00 -00:30] ')), '2024-04-01T14:07:00.000Z');
  for (const text of [
    '01/Foo/2024:13:37:00 +0000',
    '31/Feb/2024:13:37:00 +0000',
    '01/Apr/2024:25:00:00 +0000',
  ])
    t.equal(iso(timeOfAny(text)), 'none', text);
});

t.test('times of mail and HTTP, to the minute, and of mongoexport', async (t) => {
  const time = '2026-11-30T21:07:00.000Z';
  const table: [value: unknown, time: string][] = [
    ['Mon, 30 Nov 2026 21:07:00 GMT', time],
    ['Mon, 30 Nov 2026 22:07:00 +0100', time],
    ['1 Nov 2026 21:07:00 UTC', '2026-11-01T21:07:00.000Z'],
    ['Mon, 30 Nov 2026 21:07:00 CET', 'none'],
    ['Mon, 30 Foo 2026 21:07:00 GMT', 'none'],
    ['2026-11-30T21:07Z', time],
    ['2026-11-30T22:07+01:00', time],
    ['2026-11-30T21:07', 'none'],
    ['2026-11-30T24:00:00Z', 'none'],
    [{ $date: time }, time],
    [{ $date: Date.parse(time) }, time],
    [{ $date: { $numberLong: String(Date.parse(time)) } }, time],
    [{ $date: { $numberLong: 'x' } }, 'none'],
    [{ $date: null }, 'none'],
    [{}, 'none'],
    [null, 'none'],
  ];
  for (const [value, told] of table) t.equal(iso(timeOfAny(value)), told, JSON.stringify(value));
});
