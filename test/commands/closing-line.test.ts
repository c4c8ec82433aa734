import t from 'tap';
import { closingLine, formatBytes } from '../../lib/commands/closing-line.ts';
import { Ledger } from '../../lib/ledger.ts';

t.test('sizes as people read them', (t) => {
  t.same(
    [0, 183.5126, 999.4, 999.6, 1000, 99_949, 99_960, 999_499, 999_500, 1_400_000_000].map(formatBytes),
    ['0 B', '184 B', '999 B', '1.0 kB', '1.0 kB', '99.9 kB', '100 kB', '999 kB', '1.0 MB', '1.4 GB'],
  );
  t.end();
});

const figures = '; 3.0 MB in 2.00 s, 1.5 MB/s\n';

/** What it says of a ledger, without the figures behind it. */
function said(records: number, fill: (ledger: Ledger) => void): string {
  const ledger = new Ledger();
  Object.assign(ledger.read, { records, bytes: 3_000_000 });
  fill(ledger);
  const line = closingLine(ledger, 2);
  return line.endsWith(figures) ? line.slice('mirrormon: '.length, -figures.length) : line;
}

t.test('one line says in plain words what became of everything', (t) => {
  t.equal(
    said(4000, (ledger) => Object.assign(ledger, { selected: 0, filtered: 4000, series: 594 })),
    '4,000 records read, all understood; 594 series',
  );
  t.equal(
    said(4000, (ledger) => Object.assign(ledger, { filtered: 4000, outside: 3000 })),
    '4,000 records read, all understood, 3,000 left out by --since, --until or --where',
  );
  t.equal(
    said(0, () => {}),
    '0 records read',
  );
  t.equal(
    said(1, (ledger) => Object.assign(ledger, { other: 1 })),
    '1 record read, 1 of no known kind',
  );
  const faulty = said(1200, (ledger) => {
    for (const reason of ['invalid-json', 'invalid-json', 'too-long'] as const) ledger.reject(reason);
    ledger.refuse('a\u001b[2J', 'negative');
    ledger.refuse('a\u001b[2J', 'missing');
    ledger.refuse('b', 'missing', true);
    for (const metric of ['c', 'd']) ledger.refuse(metric, 'not-finite');
    ledger.drop('logs', 'spool-full', 1500);
  });
  t.equal(
    faulty,
    '1,200 records read, 3 not understood (2 invalid-json, 1 too-long); ' +
      '4 values refused (a\\x1b[2J: 1 negative, 1 missing, b: 1 missing, c: 1 not-finite, and 1 metric more); ' +
      '1,500 dropped (logs: 1,500 spool-full)',
  );
  t.end();
});
