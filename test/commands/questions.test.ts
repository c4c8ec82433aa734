import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import t, { type Test } from 'tap';
import { topics } from '../../lib/commands/topics.ts';
import { generate } from '../../lib/generate/index.ts';
import { program } from '../helpers/program.ts';
import { root } from '../helpers/root.ts';

t.setTimeout(300_000);
const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

// eight weeks
const scenario = { records: 6_000, seed: 7, gaps: 30, unpaired: 3 };
await writeFile(at('operator.log'), Buffer.concat([...generate({ kind: 'operator', ...scenario })]));
await copyFile(join(root, 'fixtures/ziti/events-v3.ndjson'), at('events.json'));
await writeFile(
  at('ctrl.yml'),
  `events:
  pools:
    subscriptions: [{ type: metrics, sourceFilter: 'router.*', metricFilter: '.*pool.*' }]
    handler: { type: file, format: json, path: pools.log }
`,
);
await writeFile(at('mirrormon'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
await chmod(at('mirrormon'), 0o755);

interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the topic's command says, word for word as a person would type it. */
function run(command: string): Promise<Answer> {
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', command], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const commandsOf = new Map(
  [...topics.questions!().matchAll(/^(\S.*\?)\n {4}(mirrormon .*)$/gm)].map(([, question, command]) => [
    question!,
    command!,
  ]),
);

interface Session {
  readonly session_id: string;
  readonly client_user: string;
  readonly target: string;
  readonly start: string | null;
  readonly seconds: number;
  readonly missing: string;
  readonly held: readonly string[];
}

const sessions: readonly Session[] = (await run('mirrormon audit operator.log --format json')).stdout
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const rowsOf = (text: string): string[] => text.trimEnd().split('\n').slice(1);
const idsOf = (text: string): string[] => rowsOf(text).map((row) => /^\S+/.exec(row)![0]);
const idsWhere = (is: (session: Session) => boolean): string[] =>
  sessions.filter(is).map(({ session_id }) => session_id);

/** By a word of the question, what must be true of its answer. */
const answers: Readonly<Record<string, (t: Test, answer: Answer) => void | Promise<void>>> = {
  longest(t, { stdout }) {
    const [longest] = [...sessions].sort((a, b) => b.seconds - a.seconds);
    t.same(idsOf(stdout), [longest!.session_id]);
  },
  'which day'(t, { stdout }) {
    const rows = rowsOf(stdout);
    const total = /^total\s+(\d+)/.exec(rows.at(-1)!)!;
    t.equal(Number(total[1]), sessions.length);
    const counts = rows.slice(0, -1).map((row) => Number(/\d{4}-\d\d-\d\d\s+(\d+)/.exec(row)![1]));
    t.equal(
      counts.reduce((sum, count) => sum + count, 0),
      sessions.length,
    );
    t.ok(counts.length > 100);
  },
  '8080'(t, { stdout }) {
    const ids = idsWhere(({ target, held }) => target.includes('mail-55') && held.includes('8080'));
    t.ok(ids.length > 0);
    t.same(idsOf(stdout), ids);
    t.match(stdout.split('\n')[0], /FILTERS.*HELD/);
  },
  async spreadsheet(t) {
    const [head, ...rows] = (await readFile(at('week.csv'), 'utf8')).trimEnd().split('\n');
    t.match(head, /^session_id,user,client_user,/);
    t.ok(rows.length > 0);
    t.ok(rows.every((row) => row.includes('user86@corp.example')));
  },
  'the one before'(t, { stdout }) {
    t.match(stdout.split('\n')[0], /^TARGET.*SESSIONS +BEFORE +CHANGE/);
    const numbers = rowsOf(stdout).map((row) => / (\d+) +(\d+) +([-+]?\d+) /.exec(row)!.slice(1).map(Number));
    const total = numbers.pop()!;
    t.ok(total[0]! > 0 && total[1]! > 0);
    for (const k of [0, 1, 2]) {
      t.equal(
        numbers.reduce((sum, row) => sum + row[k]!, 0),
        total[k],
        'rows add up to the total, those of either week included',
      );
    }
  },
  yesterday(t, { stdout }) {
    t.match(stdout.split('\n')[0], /^USER +TARGET +SESSIONS +BEFORE +CHANGE/);
    t.match(stdout, / 0 +1 +-1 /, 'what is gone is there');
    t.match(stdout, /\+1 /, 'and what is new');
  },
  pool(t, { stdout }) {
    t.match(stdout, /leaves it out by sourceFilter 'router\.\*'/);
  },
  lost(t, { stderr, stdout }) {
    t.equal(stdout, '');
    t.match(stderr, /6,000 records read, all understood/);
  },
  ping(t, { stdout }) {
    t.match(stdout, /mirrord_operator_ping_latency/);
    t.match(stdout, /client_user/);
    const rows = stdout.split('\n').filter((line) => line.includes('@corp.example'));
    t.equal(rows.length, 10);
  },
  'never ended'(t, { stdout }) {
    const ids = idsWhere(({ missing }) => missing === 'end' || missing === 'both');
    t.ok(ids.length > 0);
    t.same(idsOf(stdout), ids);
  },
};

t.equal(commandsOf.size, 10, 'ten questions');
for (const [question, command] of commandsOf) {
  const words = Object.keys(answers).filter((word) => question.includes(word));
  t.test(question, async (t) => {
    t.equal(words.length, 1, `${words}`);
    const answer = await run(command);
    t.equal(answer.status, 0, answer.stderr);
    await answers[words[0]!]!(t, answer);
  });
}

t.test('what --having does not know is told before anything is read', async (t) => {
  for (const [condition, said] of [
    ['mising=end', /no column 'mising'.*did you mean missing/],
    ['missing', /does not understand 'missing'/],
    ['user=(', /'\(' is no RE2 expression/],
    ['seconds>long', /does not understand/],
  ] as const) {
    const { status, stdout, stderr } = await run(`mirrormon audit operator.log --having '${condition}'`);
    t.equal(status, 2);
    t.equal(stdout, '');
    t.match(stderr, said);
  }
  const long = await run("mirrormon audit operator.log --having 'time>=3600' --format json");
  t.equal(long.stdout.split('\n').length - 1, idsWhere(({ seconds }) => seconds >= 3600).length);
  const none = await run("mirrormon audit operator.log --having 'ports!=.' --format json");
  t.ok(none.stdout.split('\n').every((line) => line === '' || line.includes('"ports":[]')));
});
