import t from 'tap';
import { Wants } from '../../../../lib/batch/wants.ts';
import { type MadeColumns, wantFor } from '../../../../lib/parse/scanner/prefilled-columns.ts';
import { Foresight } from '../../../../lib/parse/scanner/workers/foresight.ts';

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
