import t from 'tap';
import { type CheckOptions, check } from '../../lib/commands/check.ts';
import { read, said } from '../config/read.ts';
import { fixture } from '../helpers/root.ts';

async function run(
  texts: Record<string, string>,
  options: CheckOptions = {},
  env: Record<string, string> = {},
) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const readFile = async (name: string) => {
    const text = texts[name];
    if (text === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    return text;
  };
  const status = await check(Object.keys(texts), options, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env,
    readFile,
  });
  return { status, ...written };
}

/** The lines that tell problems, without those that show their places. */
const withoutExcerpts = (text: string) => text.split('\n').filter((line) => !/^ +\d* \| /.test(line));

t.test('a valid file is said to be valid', async (t) => {
  t.same(await run({ 'a.yml': 'metrics: {}', 'b.yml': '' }), {
    status: 0,
    stdout: 'a.yml: valid\nb.yml: valid\n',
    stderr: '',
  });
});

t.test('every problem of every file is printed', async (t) => {
  const result = await run({
    'a.yml': 'metrics: { maxSeries: 0, sourcId: x }',
    'b.yml': 'metrics: { reprt: all }',
    'c.yml': 'input: { maxDepth: x }',
  });
  t.equal(result.status, 2);
  t.equal(result.stdout, 'b.yml: valid\n');
  t.match(withoutExcerpts(result.stderr), [
    /^error: a.yml:1:23: metrics.maxSeries must be/,
    /^warning: a.yml:1:26: metrics.sourcId is not a setting; did you mean sourceId\?/,
    /^warning: b.yml:1:12: metrics.reprt/,
    /^error: c.yml:1:20: input.maxDepth/,
    /^$/,
  ]);
});

t.test('strict makes errors of warnings', async (t) => {
  const result = await run({ 'b.yml': 'metrics: { reprt: all }' }, { strict: true });
  t.equal(result.status, 2);
  t.equal(result.stdout, '');
  t.match(result.stderr, /^error: b.yml:1:12/);
});

t.test('buckets of no histogram are told, with the name that is near', async (t) => {
  const warned = async (yaml: string) => withoutExcerpts((await run({ 'a.yml': yaml })).stderr);
  const bucketsOf = (name: string) => `metrics: { buckets: { ${name}: [1, 2] } }`;
  t.match(await warned(bucketsOf('mirrord_session_duration')), [
    /^warning: a.yml:1:\d+: metrics.buckets.mirrord_session_duration .*; did you mean mirrord_sessions_duration\?/,
  ]);
  t.match(await warned(bucketsOf('mirrord_sessions_create_total')), [
    /are of a counter, which has none; histograms are /,
  ]);
  for (const name of ['mirrord_sessions_duration', 'my_own_seconds'])
    t.same(await warned(bucketsOf(name)), ['']);
});

t.test('an entry without a subscription writes nothing, and is told', async (t) => {
  const { status, stderr } = await run({
    'a.yml': 'events: { a: { subscriptions: [], handler: { type: stdout } } }',
  });
  t.equal(status, 0);
  t.match(stderr, /^warning: a.yml:1:\d+: events.a has no subscription, so nothing is written/);
});

t.test('what the environment has wrong is told once', async (t) => {
  const result = await run({ 'a.yml': '', 'b.yml': '' }, {}, { OPERATOR_METRICS_ADDR: 'x' });
  t.equal(result.status, 2);
  t.match(result.stderr, /^error: OPERATOR_METRICS_ADDR: .*\n$/);
});

t.test('print gives the effective configuration, which is YAML as a whole', async (t) => {
  const one = await run({ 'a.yml': 'metrics: { report: changed }' }, { print: true }, { RUST_LOG: 'debug' });
  t.equal(one.status, 0);
  t.match(one.stdout, /^# a.yml: valid\nmetrics:\n/);
  const again = await read(one.stdout);
  t.same(said(again), []);
  t.equal(again.config.metrics.report, 'changed');
  t.equal(again.config.operator.logLevel, 'debug');

  const two = await run({ 'a.yml': '', 'b.yml': '' }, { print: true });
  t.match(two.stdout, /\n---\n# b.yml: valid\n/);
  const bad = await run({ 'a.yml': 'metrics: 5' }, { print: true });
  t.equal(bad.stdout, '');
});

t.test('a file that cannot be read does not hide the others', async (t) => {
  const missing = fixture('config', 'nowhere.yml');
  const lines: string[] = [];
  const io = {
    stdout: { write: (s: string) => lines.push(s) },
    stderr: { write: (s: string) => lines.push(s) },
    env: {},
  };
  t.equal(await check([missing, fixture('config', 'router.yml')], {}, io), 2);
  t.match(lines, [
    /^error: .*nowhere.yml: cannot read this configuration: no such file/,
    /router.yml: valid/,
  ]);
});

t.test('no file is a mistake in usage', async (t) => {
  await t.rejects(run({}), { code: 'USAGE' });
});
