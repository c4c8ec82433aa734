import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { mirrormon, type Run } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

/*
 * What a real controller does on each configuration is known: it dies of a panic, warns, or says nothing. The program
 * reacts likewise; where it says more on purpose, `more` says why. What the messages hold is tested in test/config.
 */
interface Reaction {
  readonly controller: 'error' | 'warning' | 'nothing';
  /** Place and mistake, for errors and warnings. */
  readonly says?: RegExp;
  /** Why we warn where the controller is silent. */
  readonly more?: string;
  /** Path below the working directory, or - for standard output, and the events that it gets. */
  readonly gets?: readonly [sink: string, events: number];
}

const reactions: Readonly<Record<string, Reaction>> = {
  '01-unknown-subscription-type': {
    controller: 'warning',
    says: /c\.yml:4:15: .*nosuch\.type is no event type.*valid types are .*fabric\.circuits/,
    gets: ['ev/x.ndjson', 2],
  },
  '02-missing-handler': { controller: 'error', says: /c\.yml:2:3: events\.h1\.handler is missing/ },
  '03-missing-subscriptions': {
    controller: 'error',
    says: /c\.yml:2:3: events\.h1\.subscriptions is missing/,
  },
  '04-bad-sourceFilter': { controller: 'error', says: /c\.yml:5:23: .*sourceFilter.*missing closing \]/ },
  '05-bad-metricFilter': {
    controller: 'error',
    says: /c\.yml:5:23: .*missing argument to repetition operator/,
  },
  '06-no-path': { controller: 'error', says: /c\.yml:5:5: .*has no path/ },
  '07-unknown-handler-type': { controller: 'error', says: /c\.yml:6:13: .*file, stdout.*not "mqtt"/ },
  '08-unknown-format': { controller: 'error', says: /c\.yml:7:15: .*not "xml"/ },
  '09-no-format': { controller: 'error', says: /c\.yml:5:5: .*has no format/ },
  '10-path-dir-missing': { controller: 'error', says: /c\.yml:6:7: .*ev.nodir: no such file or folder/ },
  '11-path-is-directory': { controller: 'error', says: /c\.yml:6:7: .*ev.isdir: it is a folder/ },
  '12-path-not-string': { controller: 'error', says: /c\.yml:8:13: .*path must be text, not 42/ },
  '13-no-handler-type': { controller: 'error', says: /c\.yml:5:5: .*has no type/ },
  '14-subscription-no-type': { controller: 'error', says: /c\.yml:4:9: .*subscriptions\[0\] has no type/ },
  '15-subscriptions-not-list': { controller: 'error', says: /c\.yml:4:7: .*must be a list, not a map/ },
  '16-subscriptions-empty-list': { controller: 'nothing' },
  '17-filter-not-string': { controller: 'error', says: /c\.yml:5:23: .*metricFilter must be text.*not 5/ },
  '18-handler-not-map': { controller: 'error', says: /c\.yml:5:14: .*must be a map with a type, not "file"/ },
  '19-entry-not-map-ignored': {
    controller: 'nothing',
    says: /c\.yml:2:7: events\.h1 is no map and is ignored/,
    more: 'an entry that is ignored helps nobody',
  },
  '20-maxsizemb-string-ignored': {
    controller: 'nothing',
    says: /c\.yml:10:18: .*maxsizemb must be a whole number, not "1".*10 counts/,
    more: 'a limit that is ignored fills a disk',
    gets: ['ev/x20.ndjson', 2],
  },
  '21-stdout-handler': { controller: 'nothing', gets: ['-', 2] },
  '22-usage-bad-version': { controller: 'error', says: /c\.yml:5:18: .*version must be 2 or 3, not 4/ },
  '23-lookaround-regexp': { controller: 'error', says: /c\.yml:5:23: .*invalid or unsupported Perl syntax/ },
  '24-bad-second-subscription-after-good': { controller: 'error', says: /c\.yml:6:23: .*subscriptions\[1\]/ },
  '25-negative-bufferSize': { controller: 'error', says: /c\.yml:9:19: .*bufferSize.*not -1/ },
  '26-case-of-type': { controller: 'error', says: /c\.yml:6:13: .*not "File"; did you mean file\?/ },
  '30-metrics-reportInterval-only': { controller: 'nothing' },
  '31-enospc': { controller: 'nothing', gets: ['ev/full/x.ndjson', 3] },
};

const event = (metric: string): string =>
  `{"metric_type":"intValue","namespace":"metrics","source_id":"ctrl1","version":2,"timestamp":{"seconds":5},"metric":"${metric}","metrics":{"value":1}}\n`;
const input = ['pool.listener.ctrl.worker_count', 'pool.listener.link.worker_count', 'other']
  .map(event)
  .join('');

const closingLine = /^mirrormon: 3 records read, [^\n]*\n$/;

function prepare(t: Test): string {
  const cwd = t.testdir();
  mkdirSync(join(cwd, 'ev', 'isdir'), { recursive: true });
  mkdirSync(join(cwd, 'ev', 'full'));
  return cwd;
}

function refused(t: Test, { status, stdout, stderr }: Run, says: RegExp): void {
  t.equal(status, 2, 'the status of a wrong configuration, as the controller has it');
  t.equal(stdout, '');
  t.match(stderr, says);
  t.ok(/^(mirrormon: [^\n]+\n)+$/.test(stderr), 'lines, never a stack');
}

t.test('every configuration has its reaction here', async (t) => {
  const names = readdirSync(fixture('config', 'behaviour')).map((name) => name.replace('.yml', ''));
  t.same(names.sort(), Object.keys(reactions).sort());
});

for (const [name, { controller, says, more, gets }] of Object.entries(reactions)) {
  t.test(`${name}: ${controller}${more === undefined ? '' : `, here a warning: ${more}`}`, async (t) => {
    const cwd = prepare(t);
    copyFileSync(fixture('config', 'behaviour', `${name}.yml`), join(cwd, 'c.yml'));
    const run = await mirrormon(['-c', 'c.yml'], { cwd, stdin: input });
    if (controller === 'error') {
      refused(t, run, says!);
      t.same(readdirSync(join(cwd, 'ev')).sort(), ['full', 'isdir'], 'nothing was made');
      return;
    }
    t.equal(run.status, 0, run.stderr);
    if (says === undefined) t.match(run.stderr, closingLine, 'nothing is said');
    else t.match(run.stderr, new RegExp(`^mirrormon: warning: ${says.source}`));
    if (gets === undefined) return;
    const [sink, events] = gets;
    const got = sink === '-' ? run.stdout : readFileSync(join(cwd, sink), 'utf8');
    t.equal(got.split('\n').length - 1, events);
  });
}

t.test('two handlers on one path are an error before either is opened', async (t) => {
  const cwd = prepare(t);
  const handler = (path: string) =>
    `{ subscriptions: [{ type: metrics }], handler: { type: file, format: json, path: ${path} } }`;
  writeFileSync(
    join(cwd, 'c.yml'),
    `events:\n  a: ${handler('ev/x.log')}\n  b: ${handler('./ev/../ev/x.log')}\n`,
  );
  const run = await mirrormon(['-c', 'c.yml'], { cwd, stdin: input });
  refused(t, run, /c\.yml:3:\d+: .*events\.b\.handler\.path is the file that events\.a writes already/);
  t.notOk(existsSync(join(cwd, 'ev', 'x.log')));
});

t.test('a file that the system refuses is no mistake of the configuration: status 1', async (t) => {
  const cwd = prepare(t);
  const path = join('/proc', 'self', 'no-such-entry');
  writeFileSync(
    join(cwd, 'c.yml'),
    `events: { a: { subscriptions: [{ type: metrics }], handler: { type: file, format: json, path: ${path} } } }`,
  );
  if (!existsSync('/proc/self')) return t.pass('no file system here that refuses to make files');
  const { status, stderr } = await mirrormon(['-c', 'c.yml'], { cwd, stdin: input });
  t.equal(status, 1);
  t.match(stderr, /no-such-entry: cannot write events to it: /);
});

t.test("a router's own file is taken without a word", async (t) => {
  const run = await mirrormon(['-c', fixture('config', 'router.yml'), '-o', 'none'], { stdin: input });
  t.equal(run.status, 0);
  t.match(run.stderr, closingLine);
});
