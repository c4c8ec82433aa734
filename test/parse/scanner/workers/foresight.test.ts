import t from 'tap';
import { Tuples } from '../../../../lib/batch/symbols.ts';
import { Wants } from '../../../../lib/batch/wants.ts';
import type { Scanned } from '../../../../lib/parse/scanner/column-places.ts';
import { LabelSetColumn } from '../../../../lib/parse/scanner/label-column.ts';
import { type MadeColumns, wantFor } from '../../../../lib/parse/scanner/prefilled-columns.ts';
import { Usage } from '../../../../lib/parse/scanner/usage.ts';
import { Foresight, tellsKinds } from '../../../../lib/parse/scanner/workers/foresight.ts';

function wants() {
  const wanted = new Wants();
  const fields = ['a', 'b'].map((name) => wanted.field(name, [[name]]));
  wanted.labels(fields);
  return wanted;
}

t.test('every column has a table of its own, which both sides see', async (t) => {
  const here = new Foresight(wants());
  const there = new Foresight(wants(), here.memory);
  const columns = [
    ['numbers', 0],
    ['numbers', 1],
    ['hashes', 0],
    ['hashes', 1],
    ['labels', 0],
  ] as const;
  columns.forEach(([kind, index], k) => {
    here.of(kind, index)[7] = k + 1;
  });
  t.same(
    columns.map(([kind, index]) => there.of(kind, index)[7]),
    [1, 2, 3, 4, 5],
  );
  t.equal(here.of('labels', 0).byteOffset + here.of('labels', 0).length, here.memory.byteLength);
  there.forget();
  t.same(
    columns.map(([kind, index]) => here.of(kind, index)[7]),
    [0, 0, 0, 0, 0],
  );
});

t.test('a value that is missed is noted for the text of its record', async (t) => {
  const wanted = new Uint8Array(4);
  const made = (telling?: Uint32Array) => ({ telling }) as MadeColumns;
  wantFor(made(Uint32Array.of(2, 1, 9)), { wanted }, 0);
  t.same([...wanted], [0, 0, 1, 0]);
  wantFor(made(Uint32Array.of(2, 1, 9)), { wanted }, 2);
  wantFor(made(), { wanted }, 1);
  t.same([...wanted], [0, 0, 1, 0], 'an id beyond the table, and records that nothing tells apart');
});

t.test('kinds tell records apart where the scan told all of them', async (t) => {
  const rule = { kindRule: {} as NonNullable<Wants['kindRule']> };
  t.same(
    [tellsKinds(rule, 0), tellsKinds(rule, 1), tellsKinds({ kindRule: undefined }, 0)],
    [true, false, false],
  );
});

t.test('a row unlike others of its kind has its labels read, and none are made ahead for it', async (t) => {
  const wanted = new Uint8Array(4);
  const labels = [{ ids: Uint32Array.of(0, 3), ours: Uint32Array.of(0, 0, 0, 7), wanted }];
  const column = new LabelSetColumn(
    {
      rows: 2,
      engine: { usages: { labels: [new Usage()] } },
      dictionaries: { attached: false, tuples: [new Tuples()], internTuple: () => 9 },
      made: { labels, telling: Uint8Array.of(2, 2) },
    } as unknown as Scanned,
    { index: 0, fields: [] },
    () => undefined,
  );
  t.same([column.idAlone(0), column.idAlone(1)], [9, 7]);
  t.same([...wanted], [0, 0, 0, 0]);
  t.equal(column.id(0), 9);
  t.same([...wanted], [0, 0, 1, 0], 'others are noted');
});
