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

t.test('one line says what became of everything', (t) => {
  const ledger = new Ledger();
  Object.assign(ledger.read, { records: 1200, bytes: 3_000_000 });
  Object.assign(ledger, { selected: 1000, filtered: 199 });
  ledger.reject('invalid-json');
  t.equal(
    closingLine(ledger, 2),
    'mirrormon: 1,200 records read, 1,000 selected, 199 filtered, 1 rejected, 0 dropped; 3.0 MB in 2.00 s, 1.5 MB/s\n',
  );
  t.end();
});
