import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon } from '../helpers/program.ts';
import { logOf } from '../tracing/text/events.ts';
import * as forms from './forms.ts';

const log = Buffer.concat([...generate({ kind: 'operator', records: 3000, seed: 7 })]).toString();
const lines = log.trimEnd().split('\n');
const expected = (await mirrormon(['-o', 'json'], { stdin: log })).stdout;
const text = forms.tracing(lines);

const cases: Record<string, string> = {
  'kubectl, with prefix and timestamps': forms.kubectl(lines),
  stern: forms.stern(lines),
  "stern's json": forms.sternJson(lines),
  "stern's extjson": forms.sternExtJson(lines),
  'CRI with partial lines': forms.cri(lines),
  'docker, with split lines': forms.docker(lines),
  fluentd: forms.fluentd(lines),
  'tracing text': text,
  'tracing text behind kubectl': forms.kubectl(text.trimEnd().split('\n')),
  'tracing text in stern': forms.stern(text.trimEnd().split('\n')),
  // On one stream: where a text record ends, only its stream's next one tells, so two streams would change places.
  'tracing text in CRI': forms.cri(text.trimEnd().split('\n'), Number.POSITIVE_INFINITY),
  'tracing text in docker': forms.docker(text.trimEnd().split('\n')),
  'tracing text in fluentd': forms.fluentd(text.trimEnd().split('\n'), 1),
};

t.test('one log in all its forms gives the same metrics', async (t) => {
  t.ok(expected.split('\n').length > 100, 'there is something to compare');
  for (const [name, input] of Object.entries(cases)) {
    const { stdout, status, stderr } = await mirrormon(['-o', 'json', '--strict'], { stdin: input });
    t.equal(status, 0, `${name}: ${stderr}`);
    t.ok(stdout === expected, name);
  }
});

t.test('real logs in the nested and the flattened layout give the same metrics', async (t) => {
  const run = async (stdin: string | Buffer, parser = ''): Promise<string> =>
    (await mirrormon(['-o', 'json'], { stdin, env: { MIRRORMON_PARSER: parser } })).stdout;
  // Without its parts, a session's target is all there is to label by.
  const bare = (log: Buffer) =>
    log.toString().replace(/,"target_(?:type|name|namespace)":"(?:[^"\\]|\\.)*"/g, '');
  for (const parser of ['', 'reference']) {
    const nested = await run(logOf('json'), parser);
    t.match(nested, '"target_type":"targetless"');
    t.equal(await run(logOf('json_flatten'), parser), nested);
    const targets = await run(bare(logOf('json')), parser);
    t.match(targets, '"target_name":"api-7d9f-abcde","target_namespace":"","target_type":"pod"');
    t.equal(await run(bare(logOf('json_flatten')), parser), targets);
  }
});

t.test('what is unwrapped is written as the records were', async (t) => {
  const unwrapped = [
    'kubectl, with prefix and timestamps',
    'stern',
    'CRI with partial lines',
    'docker, with split lines',
  ];
  const config = ['-o', 'logs'];
  const plain = (await mirrormon(config, { stdin: log, env: { RUST_LOG: 'trace' } })).stdout;
  t.ok(plain === log);
  for (const name of unwrapped) {
    const { stdout } = await mirrormon(config, { stdin: cases[name]!, env: { RUST_LOG: 'trace' } });
    t.ok([...stdout.split('\n')].sort().join('\n') === [...log.split('\n')].sort().join('\n'), name);
  }
});

t.test('operator.jsonLog: text or JSON, whatever came; unset, as it came', async (t) => {
  const run = async (stdin: string, env: Record<string, string> = {}): Promise<string> =>
    (await mirrormon(['-o', 'logs'], { stdin, env: { RUST_LOG: 'trace', ...env } })).stdout;
  t.ok((await run(text)) === text, 'text as it came');
  t.ok((await run(text, { OPERATOR_JSON_LOG: 'false' })) === text, 'text as text');
  const asJson = await run(text, { OPERATOR_JSON_LOG: 'true' });
  for (const line of asJson.trimEnd().split('\n')) JSON.parse(line);
  t.ok((await mirrormon(['-o', 'json'], { stdin: asJson })).stdout === expected, 'text as JSON');
  t.ok((await run(log, { OPERATOR_JSON_LOG: 'true' })) === log, 'JSON as JSON');
  t.ok((await run(log, { OPERATOR_JSON_LOG: 'false' })) === text, 'JSON as text');
});

t.test('--fluentd', async (t) => {
  const args = ['-o', 'logs', '--fluentd'];
  const { stdout } = await mirrormon(args, { stdin: cases.fluentd!, env: { RUST_LOG: 'trace' } });
  const written = stdout.trimEnd().split('\n');
  t.equal(written.length, lines.length);
  const first = JSON.parse(written[0]!);
  const inner = JSON.parse(lines[0]!);
  t.same(Object.keys(first), ['stream', 'kubernetes', 'docker', ...Object.keys(inner), '@timestamp']);
  t.equal(
    first['@timestamp'],
    inner.timestamp.replace(/\.(\d+)Z$/, (_: string, d: string) => `.${d.padEnd(9, '0')}+00:00`),
  );
  t.same({ ...first, ...inner }, first, 'nothing of the record is changed');
  t.ok((await mirrormon(['-o', 'json'], { stdin: stdout })).stdout === expected, 'and it can be read again');

  const misused = await mirrormon(['-o', 'json', '--fluentd'], { stdin: '' });
  t.equal(misused.status, 2);
  t.match(misused.stderr, /--fluentd.*add -o logs/);
});

t.test("kubernetes' fields serve in filters", async (t) => {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const config = join(folder, 'c.yml');
  await writeFile(
    config,
    `events:
  chosen:
    subscriptions: [{ type: logs, level: trace, fieldFilter: { kubernetes.pod_name: ^op-1$ } }]
    handler: { type: stdout, format: logs }
`,
  );
  const { stdout, stderr } = await mirrormon(['-c', config], { stdin: cases.fluentd! });
  const names = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).kubernetes.pod_name);
  t.equal(names.length, lines.length / 2, stderr);
  t.same([...new Set(names)], ['op-1']);
});
