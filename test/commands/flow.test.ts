import t from 'tap';
import { isWatched } from '../../lib/commands/flow.ts';
import type { RunOptions } from '../../lib/commands/invocation.ts';
import type { Io } from '../../lib/commands/io.ts';
import { terminalOf } from '../../lib/commands/look.ts';

/** Whether the summary is redrawn on a terminal, from whose keyboard standard input comes or does not. */
function isRedrawn(
  files: readonly string[],
  options: object,
  { typed = false, scrapes = false } = {},
): boolean {
  const io = { stdin: { isTTY: typed }, stdout: { isTTY: true, columns: 80 }, env: {} } as unknown as Io;
  const reads = { files, kafka: undefined, options: options as RunOptions, io };
  const live = isWatched(reads, scrapes) ? { onScreen: () => {}, quit: () => {} } : undefined;
  return terminalOf(io, {}, live).live !== undefined;
}

t.test(
  'the summary is redrawn on a terminal of whatever goes on, unless its keyboard is the log',
  async (t) => {
    const workload = { workload: { workload: 'deploy/x' } };
    for (const typed of [false, true]) {
      t.ok(isRedrawn(['a.log'], { follow: true }, { typed }), 'a file that is followed');
      t.ok(isRedrawn([], workload, { typed }), 'a workload');
      t.ok(isRedrawn([], {}, { typed, scrapes: true }), 'an endpoint');
      t.notOk(isRedrawn(['a.log'], {}, { typed }), 'files have an end');
    }
    t.ok(isRedrawn([], {}));
    t.ok(isRedrawn(['-', 'a.log'], {}));
    t.notOk(isRedrawn([], {}, { typed: true }));
    t.notOk(isRedrawn(['-'], { follow: true }, { typed: true }));
  },
);
