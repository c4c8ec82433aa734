import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, setPriority, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../helpers/root.ts';

/** Real programs that interop tests talk to. */
export type Component =
  | 'promtool'
  | 'prometheus'
  | 'collector'
  | 'prometheus_client'
  | 'pyspark'
  | 'chromium'
  | 'kafka'
  | 'cluster';

/** The exit status by which an interop test says that it did not run; its last line on standard error says why. */
export const skipped = 77;

class Unavailable extends Error {}

/** What was built is kept here, so that it is built once per machine. */
const cache = join(tmpdir(), 'mirrormon-interop');

function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Runs a program to its end with its output on standard error. */
async function run(command: string, args: readonly string[], cwd?: string): Promise<void> {
  process.stderr.write(`interop: ${command} ${args.join(' ')}\n`);
  const child = spawn(command, args, { stdio: ['ignore', 2, 2], cwd });
  child.on('spawn', () => setPriority(child.pid!, 19));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Unavailable(`${command} ${args[0]} failed with status ${code}`);
}

async function fromPackage(name: string, pkg: string): Promise<string> {
  const found = onPath(name);
  if (found !== undefined) return found;
  const apt = onPath('apt-get');
  if (apt === undefined)
    throw new Unavailable(`${name} is not on the PATH and there is no apt-get to install it`);
  if (process.getuid?.() !== 0)
    throw new Unavailable(`${name} is not on the PATH; install it (apt-get needs root)`);
  await run(apt, ['update', '-qq']);
  await run(apt, ['install', '-y', '-qq', '--no-install-recommends', pkg]);
  const installed = onPath(name);
  if (installed === undefined) throw new Unavailable(`the package ${pkg} holds no ${name}`);
  return installed;
}

/** Builds the collector of collector/ with Go, unless that very source was built before. */
async function builtCollector(): Promise<string> {
  const source = join(root, 'test', 'interop', 'collector');
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.mod']) hash.update(readFileSync(join(source, name)));
  const binary = join(cache, `otelcol-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(binary)) return binary;
  const go = onPath('go');
  if (go === undefined)
    throw new Unavailable('the OpenTelemetry collector is built with Go, which is not on the PATH');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'build-'));
  try {
    cpSync(source, folder, { recursive: true });
    // One package at a time: the build shares the machine with whatever else is running.
    const jobs = String(Math.max(1, availableParallelism() - 1));
    await run(go, ['build', '-mod=mod', '-trimpath', '-p', jobs, '-o', 'otelcol', '.'], folder);
    renameSync(join(folder, 'otelcol'), binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return binary;
}

/** The version of Prometheus's Python client; its OpenMetrics parser is the format's reference implementation. */
const pythonClient = 'prometheus_client==0.26.0';
/** It carries Spark itself. */
const pyspark = 'pyspark==4.3.0';

/** A folder for PYTHONPATH. */
async function pythonPackage(requirement: string, ...options: readonly string[]): Promise<string> {
  const folder = join(cache, requirement);
  if (existsSync(folder)) return folder;
  const python = onPath('python3');
  if (python === undefined) throw new Unavailable(`${requirement} needs python3, which is not on the PATH`);
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'python-'));
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', ...options, '--target', fresh, requirement]);
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

async function spark(): Promise<string> {
  if (onPath('java') === undefined) throw new Unavailable('Spark needs Java 17, which is not on the PATH');
  return pythonPackage(pyspark);
}

/** The broker that Kafka is tested with, and its Scala. */
const kafkaVersion = '2.13:4.4.0';

/** A folder with the jars of a broker and of the programs that come with it. */
async function kafkaJars(): Promise<string> {
  const folder = join(cache, `kafka_${kafkaVersion.replace(':', '-')}-tools`);
  if (existsSync(folder)) return folder;
  for (const [name, what] of [
    ['java', 'a Java runtime of 17 or later'],
    ['openssl', 'openssl, which makes the certificates'],
    ['mvn', 'Maven, which fetches it'],
  ] as const) {
    if (onPath(name) === undefined) throw new Unavailable(`Kafka needs ${what}: ${name} is not on the PATH`);
  }
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'kafka-'));
  try {
    const [scala, version] = kafkaVersion.split(':');
    const dependencies = [`kafka_${scala}`, 'kafka-tools'].map(
      (artifact) =>
        `<dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
    );
    const project = `<project><modelVersion>4.0.0</modelVersion><groupId>test</groupId><artifactId>test</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>`;
    writeFileSync(join(fresh, 'pom.xml'), project);
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(fresh, 'lib')}`];
    await run('mvn', ['--quiet', '--batch-mode', ...goal], fresh);
    renameSync(join(fresh, 'lib'), folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/**
 * A folder with an API server of Kubernetes, simulated kubelets, etcd and kubectl. Building it takes minutes, so it is
 * built for whoever asks for it.
 */
async function cluster(): Promise<string> {
  const folder = process.env.MIRRORMON_CLUSTER || join(cache, 'cluster');
  const script = join(root, 'test', 'interop', 'cluster', 'build.sh');
  const parts = ['kubectl', 'kube-apiserver', 'kwok', 'etcd', 'stages'];
  if (parts.every((part) => existsSync(join(folder, part)))) return folder;
  if (process.env.MIRRORMON_CLUSTER === undefined) {
    throw new Unavailable(
      `a cluster takes minutes and Go to build: MIRRORMON_CLUSTER=FOLDER builds one there (${folder} has none)`,
    );
  }
  await run('bash', [script, folder]);
  return folder;
}

/** The path of a component, which is installed or built if there are means to. @throws {Unavailable} */
export async function find(component: Component): Promise<string> {
  if (component === 'collector') return builtCollector();
  if (component === 'cluster') return cluster();
  if (component === 'prometheus_client') return pythonPackage(pythonClient, '--no-deps');
  if (component === 'pyspark') return spark();
  if (component === 'kafka') return kafkaJars();
  return fromPackage(component, component === 'chromium' ? 'chromium' : 'prometheus');
}

/** Milliseconds that a component may take to be built, and its tests behind that. */
const BUILDING = 1_800_000;

/**
 * As `find`, but where the component cannot be had the whole test file ends as skipped: called at the top of a file,
 * before its first test.
 */
export async function need(component: Component): Promise<string> {
  // what is built anew takes longer than tap gives a file
  const { default: tap } = await import('tap');
  tap.setTimeout(BUILDING);
  try {
    return await find(component);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(skipped);
  }
}
