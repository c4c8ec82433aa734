import t from 'tap';
import { Ledger } from '../lib/ledger.ts';

t.test('says where the sums do not agree', (t) => {
  const ledger = new Ledger();
  ledger.read.records = 10;
  ledger.selected = 4;
  ledger.filtered = 5;
  t.same(ledger.mismatches(), ['10 records were read, but 9 are accounted for']);
  ledger.reject('invalid-json');
  t.same(ledger.mismatches(), []);
  ledger.handler('file').records.selected = 3;
  ledger.handler('file').records.delivered = 2;
  t.match(ledger.mismatches(), [/file: 3 records were selected, but 2 delivered and 0 dropped/]);
  ledger.handler('file').records.dropped = 1;
  t.same(ledger.mismatches(), []);
  t.end();
});

t.test('its JSON has the documented shape', (t) => {
  const ledger = new Ledger();
  ledger.reject('too-long');
  ledger.reject('too-long');
  ledger.drop('a', 'queue-full', 2);
  ledger.drop('b', 'queue-full', 3);
  ledger.queue('messages', 10).deepest = 4;
  ledger.handler('a').bytes = 5;
  t.same(ledger.toReport(1.5), {
    read: { records: 0, bytes: 0 },
    selected: 0,
    filtered: 0,
    other: 0,
    measured: 0,
    rejected: { total: 2, reasons: { 'too-long': 2 } },
    dropped: { total: 5, reasons: { 'queue-full': 5 } },
    refused: { total: 0, metrics: {} },
    untimed: 0,
    future: 0,
    reports: 0,
    events: { made: 0, selected: 0 },
    queues: { messages: { size: 10, deepest: 4 } },
    handlers: {
      a: {
        records: { selected: 0, delivered: 0, dropped: 0 },
        events: { selected: 0, delivered: 0, dropped: 0 },
        bytes: 5,
      },
    },
    seconds: 1.5,
  });
  ledger.scraped('op:9000', true);
  ledger.scraped('op:9000', false);
  ledger.scraped('op:9000', true);
  t.same(ledger.toReport(1.5).scrapes, { 'op:9000': { succeeded: 2, failed: 1 } });
  t.end();
});

t.test('what was refused is told by metric and reason, a value once in all, and bounded', (t) => {
  const ledger = new Ledger();
  ledger.refuse('a', 'negative');
  ledger.refuse('b', 'negative', true);
  ledger.refuse('a', 'missing');
  t.same(ledger.toReport(1).refused, {
    total: 2,
    metrics: { a: { negative: 1, missing: 1 }, b: { negative: 1 } },
  });
  t.equal(ledger.lostTotal, 2);
  for (let k = 0; k < 10_000; k++) ledger.refuse(`name${k}`, 'missing');
  t.equal(ledger.refused.total, 10_002);
  t.ok(ledger.refused.metrics.size <= 257);
  const sum = [...ledger.refused.metrics.values()].flatMap((reasons) => [...reasons.values()]);
  t.equal(
    sum.reduce((a, b) => a + b),
    10_003,
    'names that are too many are counted together',
  );
  t.end();
});

t.test('what records name beyond the bounds is told where there is any', (t) => {
  const ledger = new Ledger();
  ledger.bounded.measurements = 2;
  ledger.bounded.labels = 1;
  t.same(ledger.toReport(0).bounded, { measurements: 2, labels: 1, series: 0 });
  t.equal(ledger.lostTotal, 0, 'nothing is lost');
  t.end();
});
