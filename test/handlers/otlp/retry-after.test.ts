import t from 'tap';
import { retryAfter } from '../../../lib/handlers/otlp/retry-after.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const asked = (wanted: string, date?: string) => retryAfter({ 'retry-after': wanted, date }, now);

t.test('seconds', async (t) => {
  t.equal(asked('30'), 30_000);
  t.equal(asked(' 0 '), 0);
  t.equal(asked('86400'), 600_000, 'ten minutes at most');
  t.equal(asked('9'.repeat(400)), 600_000);
});

t.test('a date, in each of the formats of HTTP', async (t) => {
  for (const date of [
    'Fri, 02 Jan 2026 03:04:25 GMT',
    'Friday, 02-Jan-26 03:04:25 GMT',
    'Fri Jan  2 03:04:25 2026',
  ]) {
    t.equal(asked(date), 20_000, date);
  }
  t.equal(asked('Fri, 02 Jan 2026 03:04:00 GMT'), 0, 'that has passed');
});

t.test('a date counts by the clock of who wrote it', async (t) => {
  const wanted = 'Fri, 02 Jan 2026 09:00:10 GMT';
  t.equal(asked(wanted, 'Fri, 02 Jan 2026 09:00:00 GMT'), 10_000);
  t.equal(asked(wanted, 'soon'), 600_000, 'or by ours');
});

t.test('what asks for nothing', async (t) => {
  t.equal(retryAfter({}, now), undefined);
  for (const wanted of ['', 'soon', '-5', '1.5', '2026-01-02T03:04:25Z', 'Fri, 42 Jan 2026 03:04:25 GMT']) {
    t.equal(asked(wanted), undefined, wanted);
  }
});
