/** Examples of batches: eight archives, measured apart and merged, are one run over the eight but for rates. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { parseAllDocuments } from 'yaml';
import { mirrormon, program } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { find } from './components.ts';
import { sameEvents } from './same-events.ts';

t.setTimeout(600_000);
const RECORDS = Number(process.env.MIRRORMON_BATCH_RECORDS ?? 160_000);
const ARCHIVES = 8;
const folder = mkdtempSync(join(tmpdir(), 'mirrormon-batches-'));
t.teardown(() => rmSync(folder, { recursive: true }));
for (const name of ['bin', 'archives']) mkdirSync(join(folder, name));
symlinkSync(program, join(folder, 'bin', 'mirrormon'));
const path = [join(folder, 'bin'), process.env.PATH].join(delimiter);

const { stdout: generated } = await mirrormon(['generate', '--records', String(RECORDS), '--seed', '9']);
const lines = generated.trimEnd().split('\n');
const archives = Array.from({ length: ARCHIVES }, (_, k) => {
  const share = lines.slice((k * lines.length) / ARCHIVES, ((k + 1) * lines.length) / ARCHIVES);
  const file = join(folder, 'archives', `${k}.log.gz`);
  writeFileSync(file, gzipSync(`${share.join('\n')}\n`, { level: 1 }));
  return file;
});

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    cwd: folder,
    env: { HOME: process.env.HOME ?? folder, ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
    });
  }
  const [status] = await once(child, 'close');
  return { status, ...out } as Finished;
}

/** Says how long something takes: a figure for the documentation, which no test depends on. */
async function timed<T>(t: Test, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  t.comment(`${what}: ${((performance.now() - began) / 1000).toFixed(2)} s`);
  return result;
}

const whole = await timed(t, 'one run over the eight', () => mirrormon([...archives, '-o', 'json']));
t.equal(whole.status, 0, whole.stderr);

t.test('xargs', async (t) => {
  const partials = join(folder, 'by-xargs');
  mkdirSync(partials);
  const args = [fixture('examples/batches/xargs.sh'), join(folder, 'archives'), partials, '2'];
  const { status, stdout, stderr } = await timed(t, 'xargs', () => run('sh', args));
  t.equal(status, 0, stderr);
  sameEvents(t, stdout, whole.stdout, 'xargs');
});

t.test('xargs: an archive that is damaged ends it, with no report', async (t) => {
  const [damaged, partials] = [join(folder, 'damaged'), join(folder, 'of-damaged')];
  for (const name of [damaged, partials]) mkdirSync(name);
  writeFileSync(join(damaged, '0.log.gz'), readFileSync(archives[0]!).fill(0, 50, 80));
  const { status, stdout } = await run('sh', [fixture('examples/batches/xargs.sh'), damaged, partials]);
  t.not(status, 0);
  t.equal(stdout, '');
});

t.test('a Kubernetes Job: its pods as processes with an index each', async (t) => {
  const text = readFileSync(fixture('examples/batches/job.yaml'), 'utf8');
  const [map, merge] = parseAllDocuments(text).map((one) => one.toJS().spec);
  const partials = join(folder, 'by-job');
  mkdirSync(partials);
  const pod = ({ template }: typeof map, env: Record<string, string> = {}) => {
    const { command, args } = template.spec.containers[0];
    const here = args.map((arg: string) =>
      arg.replaceAll('/archives/', `${join(folder, 'archives')}/`).replaceAll('/partials', partials),
    );
    return run(command[0], [...command.slice(1), ...here], env);
  };
  t.equal(map.completionMode, 'Indexed');
  const finished = await timed(t, 'job processes', async () => {
    const merged = pod(merge);
    const indexes = Array.from({ length: map.completions }, (_, index) => String(index));
    const pods = await Promise.all(indexes.map((index) => pod(map, { JOB_COMPLETION_INDEX: index })));
    return [...pods, await merged];
  });
  for (const { status, stderr } of finished) t.equal(status, 0, stderr);
  sameEvents(t, finished.at(-1)!.stdout, whole.stdout, 'a Job');
  const again = await pod(map, { JOB_COMPLETION_INDEX: '3' });
  t.equal(again.status, 0, `a pod may be tried again: ${again.stderr}`);
});

t.test('PySpark: an executor for each half, by RDD.pipe', async (t) => {
  const spark = await find('pyspark').catch((error: Error) => error);
  if (spark instanceof Error) {
    process.stderr.write(`!!! SKIPPED PySpark: ${spark.message}\n`);
    return;
  }
  const report = join(folder, 'spark.json');
  const env = { PYTHONPATH: spark, SPARK_HOME: join(spark, 'pyspark'), SPARK_LOCAL_IP: '127.0.0.1' };
  const submit = join(spark, 'pyspark', 'bin', 'spark-submit');
  const args = ['--master', 'local-cluster[2,1,1024]', fixture('examples/batches/pyspark_job.py')];
  const { status, stderr } = await timed(t, 'PySpark', () =>
    run(submit, [...args, join(folder, 'archives', '*.log.gz'), report], env),
  );
  t.equal(status, 0, stderr.slice(-3000));
  if (status === 0) sameEvents(t, readFileSync(report, 'utf8'), whole.stdout, 'PySpark');
});
