import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import t from 'tap';
import { decodeSnapshot } from '../../lib/page/columns.ts';
import { denseBytes } from '../../lib/page/dense-text.ts';
import { sessionsAtOnce, viewOf, wholeRange } from '../../lib/page/view.ts';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

const log = fixture('operator', 'operator.log.gz');

interface Fields {
  readonly message?: string;
  readonly session_id?: number | string;
  readonly client_user?: string;
}

/** Counted the plain way: sessions are the ids of the functional records. */
function plainly(text: string): { sessions: number; users: number } {
  const ids = new Set<string>();
  const users = new Set<string>();
  for (const line of text.trimEnd().split('\n')) {
    const digits = /"session_id":"?([^",}]+)/.exec(line)?.[1];
    if (digits === undefined) continue;
    const { client_user: user = '' } = (JSON.parse(line) as { fields: Fields }).fields;
    ids.add(digits);
    users.add(user);
  }
  return { sessions: ids.size, users: users.size };
}

t.test('a report says what an independent count says', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'usage.html');
  const run = await mirrormon(['report', log, '-o', path]);
  t.equal(run.status, 0, run.stderr);
  t.equal(run.stdout, '', 'standard output has nothing to say');
  const data = /id="data">([^<]*)</.exec(readFileSync(path, 'utf8'))![1]!;
  const snapshot = decodeSnapshot(inflateSync(denseBytes(data)));
  const view = viewOf(snapshot, wholeRange(snapshot));
  const { sessions, users } = plainly(gunzipSync(readFileSync(log)).toString());
  t.equal(view.total.sessions, sessions);
  t.equal(view.users.length, users);
  t.equal(snapshot.head.records.read, 4000);
  t.ok(snapshot.head.metrics.length > 0, 'metrics have their histories');
  const answer = await mirrormon(['usage', log, '--by', 'user', '--format', 'json']);
  t.equal(answer.status, 0, answer.stderr);
  const bySomeone = answer.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { user?: string; sessions: number; seconds: number })
    .find(({ user }) => user === snapshot.head.users[view.users[0]!.user]);
  t.equal(view.users[0]!.sessions, bySomeone?.sessions, 'as usage says');
  t.ok(Math.abs(view.users[0]!.seconds - bySomeone!.seconds) < 2);
  const { stdout: summary } = await mirrormon([log, '-o', 'summary']);
  const { peak } = sessionsAtOnce(snapshot.activity, wholeRange(snapshot));
  t.equal(String(peak), /most at once (\d+)/.exec(summary)?.[1], 'at once as many as the summary says');
});

t.test('a report that cannot be written is told before anything is read', async (t) => {
  const run = await mirrormon([log, '-o', 'none', '--report', join(t.testdir(), 'missing', 'usage.html')]);
  t.equal(run.status, 1);
  t.match(
    run.stderr,
    /the report, .*usage.html: cannot be written: no such file or folder; name a file in a folder/,
  );
  t.notMatch(run.stderr, /records read/);
});

t.test('a report that is there is replaced whole', async (t) => {
  const folder = t.testdir({
    'usage.html': '<meta name="generator" content="mirrormon">',
    'notes.html': '<h1>mine</h1>',
  });
  const path = join(folder, 'usage.html');
  const run = await mirrormon(['report', log, '-o', path, '-q']);
  t.equal(run.status, 0, run.stderr);
  t.match(readFileSync(path, 'utf8'), 'id="data"');
  const foreign = await mirrormon(['report', log, '-o', join(folder, 'notes.html'), '-q']);
  t.equal(foreign.status, 2, 'what others wrote stays');
  t.match(foreign.stderr, /--force/);
  t.equal(readFileSync(join(folder, 'notes.html'), 'utf8'), '<h1>mine</h1>');
});
