import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon, program } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

const example = (path: string): string => fixture(`examples/${path}`);
const read = (path: string): string => readFileSync(example(path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'mirrormon-examples-'));
t.teardown(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'bin'));
symlinkSync(program, join(folder, 'bin', 'mirrormon'));
const env = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` };
const log = Buffer.concat([...generate({ kind: 'operator', records: 500, seed: 1 })]);
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Paths of a container or a server, and what they are here. */
type Places = Readonly<Record<string, string>>;

/** A command line as it stands in an example, on this machine. */
const here = (args: readonly string[], places: Places): string[] => args.map((arg) => places[arg] ?? arg);

/** Runs a server as an example does until its metrics say that it has read, asks paths of its endpoint, and ends it. */
async function asked(args: readonly string[], paths: readonly string[], until: RegExp) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    // the port of the example may be taken here
    env: { ...env, OPERATOR_METRICS_ADDR: '127.0.0.1:0' },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let port: string | undefined;
  for await (const text of child.stderr!.setEncoding('utf8')) {
    said += text;
    port = /serves metrics at http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port !== undefined) break;
  }
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  let metrics = '';
  while (!until.test(metrics)) metrics = (await ask('/metrics')).text;
  const statuses = await Promise.all(paths.map(async (path) => (await ask(path)).status));
  child.kill('SIGTERM');
  const [status] = await once(child, 'close');
  return { metrics, statuses, status, said };
}

t.test('compose: the log is followed, and Prometheus scrapes what is served', async (t) => {
  const { services } = parse(read('compose/compose.yml'));
  const { command, volumes, ports, healthcheck } = services.mirrormon;
  t.same(volumes[0].split(':').slice(0, 2), ['./mirrormon.yml', '/etc/mirrormon/mirrormon.yml']);
  const places = {
    '/etc/mirrormon/mirrormon.yml': example('compose/mirrormon.yml'),
    '/logs/operator.log': file('operator.log', log),
  };
  t.ok(Object.keys(places).every((path) => command.includes(path)));
  const run = await asked(here(command, places), ['/healthz', '/readyz', '/'], /^port_held_seconds_count/m);
  t.equal(run.status, 143, run.said);
  t.same(run.statuses, [200, 200, 200]);
  t.match(run.metrics, /^port_held_seconds_bucket\{.*le="60\.0"\} \d+$/m);
  const { scrape_configs: jobs } = parse(read('compose/prometheus.yml'));
  const { metricsAddr } = parse(read('compose/mirrormon.yml')).operator;
  t.same(jobs[0].static_configs[0].targets, [`mirrormon:${metricsAddr.split(':')[1]}`]);
  t.same(ports, ['9000:9000']);
  t.match(healthcheck.test.at(-1), '127.0.0.1:9000/healthz');
  t.match(read('compose/Dockerfile'), 'ENTRYPOINT ["mirrormon"]');
});

t.test('Kubernetes: the sidecar reads what the controller writes, and its probes are answered', async (t) => {
  const [map, deployment] = parseAllDocuments(read('kubernetes/ziti-sidecar.yaml')).map((one) => one.toJS());
  const { containers } = deployment.spec.template.spec;
  const sidecar = containers.find((one: { name: string }) => one.name === 'mirrormon');
  const config = file('mirrormon.yml', map.data['mirrormon.yml']);
  const checked = await mirrormon(['check', '--strict', config]);
  t.equal(checked.status, 0, checked.stderr);
  const events = Buffer.concat([...generate({ kind: 'ziti', records: 300, seed: 1 })]);
  const places = {
    '/etc/mirrormon/mirrormon.yml': config,
    '/events/events.json': file('events.json', events),
  };
  t.ok(Object.keys(places).every((path) => sidecar.args.includes(path)));
  const probes = [sidecar.livenessProbe, sidecar.readinessProbe].map(({ httpGet }) => httpGet.path);
  const run = await asked(here(sidecar.args, places), probes, /^mirrormon_records_read_total 300$/m);
  t.equal(run.status, 143, run.said);
  t.same(run.statuses, [200, 200]);
  const mounts = (name: string) =>
    containers
      .find((one: { name: string }) => one.name === name)
      .volumeMounts.map((one: { mountPath: string }) => one.mountPath);
  t.same(mounts('ziti-controller'), ['/events']);
  t.same(mounts('mirrormon'), ['/events', '/etc/mirrormon']);
});

t.test('Kubernetes: follow has the rights that its kubectl needs, and its command line is one', async (t) => {
  const objects = parseAllDocuments(read('kubernetes/operator.yaml')).map((one) => one.toJS());
  const of = (kind: string) => objects.find((one) => one.kind === kind);
  const { serviceAccountName, containers } = of('Deployment').spec.template.spec;
  t.equal(serviceAccountName, of('ServiceAccount').metadata.name);
  t.equal(of('RoleBinding').roleRef.name, of('Role').metadata.name);
  const rights = of('Role').rules.flatMap(({ resources, verbs }: { resources: string[]; verbs: string[] }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
  for (const right of ['get pods/log', 'list pods', 'get deployments']) t.ok(rights.includes(right), right);
  // kubectl that knows no cluster: what is asked of it is what counts
  const asked = join(folder, 'asked');
  mkdirSync(join(folder, 'cluster'));
  writeFileSync(
    join(folder, 'cluster', 'kubectl'),
    `#!/bin/sh\necho "$*" >> '${asked}'\necho 'the server could not find the requested resource' >&2\nexit 1\n`,
    { mode: 0o755 },
  );
  const { args } = containers[0];
  const run = spawnSync(
    process.execPath,
    [program, ...args.map((arg: string) => (arg === ':9000' ? '127.0.0.1:0' : arg))],
    {
      env: { PATH: `${join(folder, 'cluster')}${delimiter}${process.env.PATH}` },
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  t.not(run.status, 2, run.stderr);
  t.match(readFileSync(asked, 'utf8'), /mirrord-operator/);
});

t.test('systemd: the unit is valid, and its command line follows a log', async (t) => {
  const unit = read('systemd/mirrormon.service');
  const verified = spawnSync('systemd-analyze', ['verify', example('systemd/mirrormon.service')], {
    encoding: 'utf8',
  });
  if (verified.error === undefined) t.equal(verified.status, 0, verified.stderr);
  const [, command] = /^ExecStart=\/usr\/bin\/env mirrormon (.*)$/m.exec(unit)!;
  const config = read('systemd/mirrormon.yml').replace('/var/lib/mirrormon/', `${folder}/`);
  const places = {
    '/etc/mirrormon/mirrormon.yml': file('systemd.yml', config),
    '/var/log/mirrord/operator.log': file('operator.log', log),
  };
  const checked = await mirrormon(['check', '--strict', places['/etc/mirrormon/mirrormon.yml']]);
  t.equal(checked.status, 0, checked.stderr);
  const run = await asked(
    here(command!.split(' '), places),
    ['/healthz'],
    /^mirrormon_records_read_total 500$/m,
  );
  t.equal(run.status, 143, run.said);
  const ports = readFileSync(join(folder, 'ports.log'), 'utf8').trim().split('\n');
  t.ok(ports.length > 50 && ports.every((line) => line.includes('"message":"Port ')));
  t.match(unit, /^StateDirectory=mirrormon$/m);
});

t.test('GitHub Actions: the steps pass, and fail with a difference that says what changed', async (t) => {
  const { jobs } = parse(read('github-actions/workflow.yml'));
  const steps: string[] = jobs.metrics.steps.flatMap(({ run }: { run?: string }) => run ?? []);
  const [install, check, test, bench] = steps as [string, string, string, string];
  t.match(install, 'mirrormon');
  const cwd = join(folder, 'repository');
  cpSync(example('github-actions'), cwd, { recursive: true });
  // as the runner does: bash -e, and with pipefail where a shell is named
  const step = (text: string) =>
    spawnSync('bash', ['-eo', 'pipefail', '-c', text], { cwd, env, encoding: 'utf8' });
  for (const text of [check, test]) {
    const run = step(text);
    t.equal(run.status, 0, run.stdout + run.stderr);
  }
  const config = join(cwd, 'cases', 'ports', 'config.yml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('{ exists: true }', '{ exists: false }'));
  const failed = step(test);
  t.equal(failed.status, 1);
  t.match(failed.stdout, 'FAIL cases/ports');
  t.match(
    failed.stdout,
    /ports\.json: ports_total\{target_namespace="team-0"\} of mirrord-operator at \S+\n +count: expected 4, got 1\n/,
  );
  t.match(failed.stdout, '1 case: 0 passed, 1 failed');
  // a short one, whatever the machine is doing; then one that nobody can pass
  const short = bench.replace('100000', '2000').replace('bench bench.log', 'bench bench.log --runs 1');
  const fast = step(short.replace('--min-ratio 1.5', '--min-ratio 0.001'));
  t.equal(fast.status, 0, fast.stderr);
  t.ok(JSON.parse(readFileSync(join(cwd, 'bench.json'), 'utf8')).ratio > 0);
  const slow = step(short.replace('--min-ratio 1.5', '--min-ratio 1000'));
  t.equal(slow.status, 1);
  t.match(slow.stderr, 'and --min-ratio asks for at least 1000');
});
