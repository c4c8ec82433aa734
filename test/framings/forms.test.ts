import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture, root } from '../helpers/root.ts';
import { outcomeOf, reportOf } from './figures.ts';
import { type Form, forms, type Line } from './forms.ts';

const isUpdate = process.env.MIRRORMON_UPDATE === '1';
const folder = fixture('framings');
const readme = join(root, 'lib/framings/README.md');

const log: readonly Line[] = readFileSync(join(folder, 'log.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((json) => ({ json, time: `${JSON.parse(json).timestamp.slice(0, 23)}Z` }));

function table(): string {
  const row = ({ name, by, takes }: Form): string =>
    `| ${name} | ${by.replaceAll('|', '\\|')} | ${takes} | [${name}.log](../../fixtures/framings/${name}.log) |`;
  return [
    '| form | recognised by | times and fields taken | case |',
    '|---|---|---|---|',
    ...forms.map(row),
  ].join('\n');
}

t.test('every form of a log gives the metric events of the plain one', async (t) => {
  t.ok(forms.length >= 40);
  if (isUpdate) mkdirSync(folder, { recursive: true });
  const expected = await reportOf(Buffer.from(log.map(({ json }) => `${json}\n`).join('')), [1 << 16]);
  t.match(expected, '"mirrord_sessions_duration"');
  for (const { name, write, foreign = 0 } of forms) {
    const path = join(folder, `${name}.log`);
    const bytes = Buffer.from(write(log) as string);
    if (isUpdate) writeFileSync(path, bytes);
    t.ok(readFileSync(path).equals(bytes), `${name}: the fixture is what the form writes`);
    const { report, rejected } = await outcomeOf(bytes);
    t.ok(report === expected, name);
    t.equal(rejected, foreign, `${name}: dead letters`);
  }
});

t.test('times to the minute, and those of mail, of records that tracing begins', async (t) => {
  const minute = (time: string): string => time.slice(0, 16);
  const written = (write: (time: string) => string) => {
    const lines = log.map(({ json, time }) => json.replace(/(?<="timestamp":")[^"]*/, write(minute(time))));
    return reportOf(Buffer.from(lines.map((line) => `${line}\n`).join('')), [1 << 16]);
  };
  // what is random about a record is of its text
  const figures = (report: string) => [...report.matchAll(/"(?:count|max|seconds)":[^,}]*/g)].join();
  const expected = figures(await written((time) => `${time}:00Z`));
  t.match(expected, '"seconds":1');
  for (const write of [
    (time: string) => `${time}Z`,
    (time: string) => `${time}+00:00`,
    (time: string) => new Date(`${time}Z`).toUTCString(),
  ]) {
    t.equal(figures(await written(write)), expected, write('2026-11-30T21:07'));
  }
});

t.test('so does the program', async (t) => {
  const files = ['kubectl-timestamps', 'loki-query-range', 'tracing-ansi', 'utf16-le'];
  const [plain, ...others] = await Promise.all(
    ['ndjson', ...files].map((name) => mirrormon(['-o', 'json', join(folder, `${name}.log`)])),
  );
  for (const { status, stdout, stderr } of others) {
    t.equal(status, 0, stderr);
    t.ok(stdout === plain!.stdout, stderr);
    t.notMatch(stderr, /reject|not understood/);
  }
});

t.test('records without a time of their own have that of their wrapping', async (t) => {
  const bare = log.map(({ json, time }) => ({ json: json.replace(/"timestamp":"[^"]*",/, ''), time }));
  for (const { name, write } of forms.filter((form) => /^time/.test(form.takes))) {
    if (name.startsWith('tracing')) continue;
    const report = await reportOf(Buffer.from(write(bare) as string), [1 << 16]);
    const times = new Set(
      report
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).timestamp?.seconds),
    );
    t.same([...times], [1711978632], name);
    t.match(report, '"mirrord_sessions_duration"', name);
  }
});

t.test('the table of forms stands in the README', async (t) => {
  const text = readFileSync(readme, 'utf8');
  const renewed = text.replace(/(<!-- forms -->\n)[\s\S]*?(\n<!-- \/forms -->)/, `$1${table()}$2`);
  if (isUpdate) writeFileSync(readme, renewed);
  else t.equal(text, renewed, 'MIRRORMON_UPDATE=1 renews it');
});
