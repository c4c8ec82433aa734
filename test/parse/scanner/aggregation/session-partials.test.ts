import t from 'tap';
import type { PartialSink } from '../../../../lib/batch/measure-plan.ts';
import type { OwnSessions } from '../../../../lib/parse/scanner/aggregation/own-sessions.ts';
import type { PartialTables, Taken } from '../../../../lib/parse/scanner/aggregation/partial-tables.ts';
import { SessionPartials } from '../../../../lib/parse/scanner/aggregation/session-partials.ts';

const ENTRY_BYTES = 24;

interface Entry {
  readonly id: number;
  readonly net: number;
}

/** Of an engine: its entries at the beginning of its memory, and what was joined to it. */
function takenOf(entries: readonly Entry[], isOwn: boolean): Taken & { readonly joined: number[] } {
  const bytes = Buffer.alloc(ENTRY_BYTES * 16);
  const joined: number[] = [];
  const known = new Map(entries.map(({ id, net }) => [id, net]));
  const write = (): { count: number; at: number } => {
    for (const [k, [id, net]] of [...known].entries()) {
      bytes.writeUInt32LE(id, ENTRY_BYTES * k);
      bytes.writeInt32LE(net, ENTRY_BYTES * k + 20);
    }
    return { count: known.size, at: 0 };
  };
  const ownSessions = {
    known: entries.length,
    gather: write,
    gatherJoined() {
      for (const [id, net] of known) if (net === 0) known.delete(id);
      return write();
    },
    join(others: Uint8Array) {
      const view = Buffer.from(others);
      for (let at = 0; at < view.length; at += ENTRY_BYTES) {
        const id = view.readUInt32LE(at);
        joined.push(id);
        known.set(id, (known.get(id) ?? 0) + view.readInt32LE(at + 20));
      }
      return true;
    },
  } as unknown as OwnSessions;
  const { buffer } = bytes;
  const tables = {
    bytes,
    words: new Uint32Array(buffer, bytes.byteOffset, bytes.length / 4),
    signed: new Int32Array(buffer, bytes.byteOffset, bytes.length / 4),
    doubles: new Float64Array(buffer, bytes.byteOffset, bytes.length / 8),
    ownSessions: isOwn ? ownSessions : undefined,
  } as unknown as PartialTables;
  const gathered = isOwn ? undefined : write();
  return { tables, state: { sessionsSeen: true, gathered } as unknown as Taken['state'], joined };
}

function drained(taken: readonly Taken[]): Map<number, number> {
  const found = new Map<number, number>();
  const sink = {
    seeSessions() {},
    takeSession(low: number, _high: number, net: number) {
      found.set(low, (found.get(low) ?? 0) + net);
    },
  } as unknown as PartialSink;
  new SessionPartials(sink).drain(taken);
  return found;
}

t.test('the engine of this thread that knows most adds what all others know', async (t) => {
  const few = takenOf([{ id: 1, net: 1 }], true);
  const most = takenOf(
    [2, 3, 4].map((id) => ({ id, net: 1 })),
    true,
  );
  const elsewhere = takenOf(
    [2, 3, 5, 6].map((id) => ({ id, net: -1 })),
    false,
  );
  t.same(
    drained([few, elsewhere, most]),
    new Map([
      [4, 1],
      [1, 1],
      [5, -1],
      [6, -1],
    ]),
  );
  t.same(most.joined, [1, 2, 3, 5, 6]);
  t.same(few.joined, []);
});

t.test('where no engine is of this thread all are given as they are', async (t) => {
  const one = takenOf([{ id: 1, net: 1 }], false);
  const other = takenOf([{ id: 1, net: -1 }], false);
  t.same(drained([one, other]), new Map([[1, 0]]));
});
