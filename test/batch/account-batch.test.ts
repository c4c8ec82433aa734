import t from 'tap';
import { AccountBatch } from '../../lib/batch/account-batch.ts';
import type { Field, KeyFamily, LabelSet } from '../../lib/batch/wants.ts';

t.test('a batch of nothing but an account has no rows, whatever it is asked for', async (t) => {
  const account = { records: 3, measured: 2, newest: 1_000 };
  const batch = new AccountBatch({ name: 'log', framing: 'ndjson' }, 40, 120, account);
  t.equal(batch.rows, 0);
  t.equal(batch.base, 40);
  t.equal(batch.consumed, 120);
  t.same({ ...batch.dismissed, before: [] }, { ...account, before: [] });
  t.equal(batch.dismissed.before.length, 0);
  const rows = new Uint32Array(0);
  const column = batch.column({} as Field);
  t.equal(column.idsOf(rows).length, 0);
  t.equal(column.numbersOf(rows).length, 0);
  t.equal(column.presentAmong(rows).length, 0);
  t.equal(batch.labels({} as LabelSet).idsOf(rows).length, 0);
  t.equal(batch.recordHashes(rows).length, 0);
  t.equal(batch.has({} as KeyFamily, 0), false);
  t.throws(() => batch.object(0), /row 0/);
  batch.release();
  t.throws(() => batch.release(), { code: 'PIPELINE_BROKEN' });
});
