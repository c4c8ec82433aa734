import t from 'tap';
import { OTHER } from '../../../../lib/batch/kinds.ts';
import { Wants } from '../../../../lib/batch/wants.ts';
import { Engine } from '../../../../lib/parse/scanner/engine.ts';
import { scannerModule } from '../../../../lib/parse/scanner/module.ts';
import { ColumnsAhead, toldKinds } from '../../../../lib/parse/scanner/workers/columns-ahead.ts';

const START = 3;
const LOG = 4;
const EVENT = 5;

function wanted() {
  const wants = new Wants();
  const message = wants.field('message', [['message']]);
  const user = wants.field('user', [['user']]);
  const values = wants.field('values', [['values']]);
  const family = wants.keysBeginning([[]], ['counter.']);
  wants.kindRule = {
    field: message,
    kinds: new Map([['Session Start', START]]),
    family,
    familyKind: 6,
    ordinary: LOG,
  };
  return { wants, user, values };
}

const wantedOf = (kinds: readonly number[] | undefined, wants: Pick<Wants, 'kindRule'>): number[] =>
  [...toldKinds(kinds, wants.kindRule).entries()].filter(([, is]) => is === 1).map(([kind]) => kind);

t.test('a kind that the scan does not tell is one of the records that it tells nothing of', async (t) => {
  const { wants } = wanted();
  t.same(wantedOf([START, EVENT], wants), [OTHER, START]);
  t.same(wantedOf([6, LOG], wants), [LOG, 6]);
  t.same(wantedOf([START], new Wants()), [OTHER]);
  t.equal(wantedOf(undefined, wants).length, 256);
});

t.test('columns are made of the rows that the plan names, and of no others', async (t) => {
  const { wants, user, values } = wanted();
  wants.reads({ what: 'ids', field: user }, [START]);
  wants.reads({ what: 'keys', field: values }, [EVENT]);
  const limits = { maxRecordBytes: 1000, maxDepth: 10 };
  const engine = new Engine({ module: scannerModule()!, wants, limits, windowBytes: 1 << 16, slots: 1 });
  const ahead = new ColumnsAhead(engine, wants);
  const slot = engine.takeSlot()!;
  const lines = [
    { message: 'Session Start', user: 'a' },
    { message: 'something', user: 'b' },
    { user: 'c', values: { x: 1 } },
    { message: 'Session Start' },
    { values: {} },
  ].map((record) => `${JSON.stringify(record)}\n`);
  const bytes = Buffer.from(lines.join(''));
  slot.window.set(bytes);
  t.equal(engine.exports.scan(slot.address, 0, bytes.length, 0), lines.length);
  const columns = [slot.idColumn(0), slot.idColumn(1)];
  // what another batch has left
  for (const { ids } of columns) ids.fill(9);
  const kinds = slot.kind.subarray(0, lines.length);
  t.ok(
    ahead.make(
      slot.address,
      kinds,
      columns.map(({ address }) => address),
    ),
  );
  const [users, lists] = columns.map(({ ids }) => [...ids.subarray(0, lines.length)]);
  t.same(users, [2, 0, 0, 1, 0], 'ids plus one; of what is absent, that of nothing');
  t.same(lists, [0, 0, 2, 0, 3]);
});
