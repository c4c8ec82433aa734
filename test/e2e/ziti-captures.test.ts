import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

/*
 * What a real controller wrote is in fixtures/ziti/captures: an unfiltered file, and what its other handlers wrote of
 * the same reports. mirrormon gets the unfiltered file and the controller's own configuration.
 */

const capture = (name: string): string => fixture('ziti', 'captures', `${name}.ndjson.gz`);
const captured = (name: string): string[] => linesOf(gunzipSync(readFileSync(capture(name))).toString());

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  return lines;
}

/** Runs with the controller's file, in a folder where its relative paths lead somewhere. */
async function run(t: Test, inputs: readonly string[]) {
  const cwd = t.testdir();
  mkdirSync(join(cwd, 'ev', 'rolling'), { recursive: true });
  const args = ['-c', fixture('config', 'controller.yml'), '--ledger', 'ledger.json', '--strict', ...inputs];
  const { status, stdout, stderr } = await mirrormon(args, { cwd });
  t.equal(status, 0, stderr);
  t.equal(stdout, '');
  // a capture has some types only
  t.notMatch(stderr.replace(/^.*warning: handlers? .* selected nothing.*\n/gm, ''), /warning/);
  return {
    written: (name: string) => linesOf(readFileSync(join(cwd, 'ev', `${name}.ndjson`), 'utf8')),
    rolling: () =>
      readdirSync(join(cwd, 'ev', 'rolling')).map((name) => readFileSync(join(cwd, 'ev', 'rolling', name))),
    ledger: JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8')),
  };
}

/** Events by timestamp and source, each to the digit but for its source_event_id, in an order of their own. */
function reports(lines: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const { timestamp, source_id } = JSON.parse(line);
    const key = `${timestamp} ${source_id}`;
    const group = groups.get(key) ?? [];
    group.push(line.replace(/,"source_event_id":"[^"]*"/, ''));
    groups.set(key, group);
  }
  for (const group of groups.values()) group.sort();
  return groups;
}

function sameReports(t: Test, found: readonly string[], wanted: readonly string[], name: string): void {
  const [ours, theirs] = [reports(found), reports(wanted)];
  const differing = [...theirs].filter(([key, events]) => ours.get(key)?.join('\n') !== events.join('\n'));
  t.same(differing.map(([key]) => key).slice(0, 3), [], `${name}: each of ${theirs.size} reports`);
  t.equal(ours.size, theirs.size, `${name}: no report besides`);
  t.equal(found.length, wanted.length, `${name}: ${wanted.length} events`);
}

const sameLines = (t: Test, found: readonly string[], wanted: readonly string[], name: string): void => {
  t.ok(found.join('\n') === wanted.join('\n'), `${name}: ${found.length} lines, ${wanted.length} wanted`);
};

t.test('metrics: every handler of the controller gets the events that it got there', async (t) => {
  const { written, rolling, ledger } = await run(t, [capture('metrics-all')]);
  for (const name of ['all', 'ctrl', 'pool', 'anchored-int', 'p99', 'two-subscriptions']) {
    sameReports(t, written(`metrics-${name}`), captured(`metrics-${name}`), name);
  }
  t.same(written('metrics-anchored-int-nodot'), [], 'a gauge is matched with its dot');
  t.same([...written('all-types'), ...written('legacy-names')], []);
  const parts = rolling();
  t.ok(parts.length === 2 && parts.every(({ length }) => length <= 1 << 20), 'rolled below 1 MiB');
  t.equal(linesOf(parts.join('')).length, captured('metrics-all').length);
  t.match(ledger, { measured: 0, events: { made: 0, selected: 0 } }, 'nothing of our own is among them');
  t.match(ledger.queues, { metricsAll: { size: 100 }, metricsCtrl: { size: 10 }, messages: { size: 10 } });
});

/** Subscription type in the controller's file to the namespace that it writes, for those that have an old name. */
const legacy: Readonly<Record<string, string>> = {
  apiSession: 'edge.apiSessions',
  authentication: 'authentication',
  entityCount: 'edge.entityCounts',
  session: 'edge.sessions',
  circuit: 'fabric.circuits',
  link: 'fabric.links',
  router: 'fabric.routers',
  terminator: 'fabric.terminators',
  service: 'service.events',
};

const namespaceOf = (line: string): string => JSON.parse(line).namespace;

t.test('other types: as they came by new names, with the old namespaces by old names', async (t) => {
  const events = captured('other-types');
  const { written } = await run(t, [capture('other-types')]);
  sameLines(t, written('all-types'), events, 'new names');
  const renamed = events
    .filter((line) => namespaceOf(line) in legacy)
    .map((line) => line.replace(/"namespace":"(\w+)"/, (_, type: string) => `"namespace":"${legacy[type]}"`));
  sameLines(t, written('legacy-names'), renamed, 'old names');

  // the controller's own file by old names: the same events, where its capture was not cut short
  const ours = new Set(written('legacy-names'));
  for (const namespace of Object.values(legacy)) {
    const theirs = captured('other-types-legacy-names').filter((line) => namespaceOf(line) === namespace);
    const strangers = theirs.filter((line) => !ours.has(line));
    t.ok(theirs.length > 0, namespace);
    t.same(strangers.slice(0, 1), [], `${namespace}: ${theirs.length} events as the controller wrote them`);
  }
});

t.test('a file by old names: they keep their namespaces, and usage is chosen by its version', async (t) => {
  const events = captured('other-types-legacy-names');
  const { written, ledger } = await run(t, [capture('other-types-legacy-names')]);
  sameLines(t, written('legacy-names'), events, 'old names');
  const others = events.filter((line) => namespaceOf(line) !== 'fabric.usage');
  sameLines(t, written('all-types'), others, 'new names, usage of version 3 only');
  t.equal(ledger.handlers.legacyNames.records.delivered, events.length);
});
