/**
 * A kubectl that misbehaves as the real one does: run as a program, with its cluster in the folder of STAND_IN_FOLDER.
 * `cluster.json` is a StandInCluster; the log of a container is `POD.UID.CONTAINER.RESTARTS.log`, its lines as kubelets
 * keep them. What befalls connections is drawn from STAND_IN_SEED and their number.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface StandInPod {
  readonly name: string;
  readonly uid: string;
  readonly containers: readonly {
    readonly name: string;
    readonly restarts: number;
    readonly ended?: boolean;
  }[];
}

export interface StandInCluster {
  readonly pods: readonly StandInPod[];
  /** Nothing befalls connections any more. */
  readonly calm?: boolean;
  /** They break, but do not stay open and go silent. */
  readonly neverSilent?: boolean;
  /** Whether the job of its pods has come to its end. */
  readonly jobIsOver?: boolean;
  /** Its pods cannot be listed now. */
  readonly isAway?: boolean;
  /** It knows logs alone, without pods. */
  readonly logsOnly?: string;
}

const { STAND_IN_FOLDER: folder = '', STAND_IN_SEED: seed = '0' } = process.env;
const args = process.argv.slice(2);

function cluster(): StandInCluster {
  return JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8'));
}

function wordOf(option: string): string | undefined {
  return args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
}

function fail(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}

function get(what: string): unknown {
  const { pods, isAway, logsOnly, jobIsOver } = cluster();
  if (logsOnly !== undefined) fail('error: unknown command get');
  if (isAway) fail('The connection to the server was refused');
  if (what === 'deployment/operator' || what === 'deploy/operator') {
    return answer({ kind: 'Deployment', spec: { selector: { matchLabels: { app: 'operator' } } } });
  }
  if (what === 'job/operator') {
    return answer({
      kind: 'Job',
      metadata: { name: 'operator' },
      spec: { selector: { matchLabels: { app: 'operator' } } },
      status: { conditions: [{ type: 'Complete', status: jobIsOver ? 'True' : 'False' }] },
    });
  }
  if (what.startsWith('pod/')) {
    const pod = pods.find(({ name }) => `pod/${name}` === what);
    return pod === undefined
      ? fail(`Error from server (NotFound): pods "${what}" not found`)
      : answer(podOf(pod));
  }
  if (what !== 'pods') fail(`Error from server (NotFound): ${what} not found`);
  if (wordOf('--selector') !== 'app=operator') fail('error: no such selector');
  return answer({ kind: 'List', items: pods.map(podOf) });
}

function podOf({ name, uid, containers }: StandInPod): unknown {
  return {
    kind: 'Pod',
    metadata: { name, uid },
    spec: { containers: containers.map((container) => ({ name: container.name })) },
    status: {
      phase: containers.every(({ ended }) => ended) ? 'Succeeded' : 'Running',
      containerStatuses: containers.map((container) => ({
        name: container.name,
        restartCount: container.restarts,
        state: container.ended ? { terminated: {} } : { running: {} },
      })),
    },
  };
}

function answer(value: unknown): unknown {
  return process.stdout.write(JSON.stringify(value));
}

/** A number below `below`, another one for every connection and place. */
function drawn(connection: number, place: number, below: number): number {
  let x =
    Math.imul(Number(seed) + 1, 0x9e3779b1) ^
    Math.imul(connection + 1, 0x85ebca6b) ^
    Math.imul(place + 1, 0xc2b2ae35);
  for (let k = 0; k < 3; k++) {
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
    x ^= x >>> 12;
  }
  return (x >>> 0) % below;
}

/** Of the log that was asked for: its file, and whether that will grow. */
function source(): { readonly file: string; readonly prefix: string; readonly grows: boolean } | undefined {
  const now = cluster();
  if (now.logsOnly !== undefined) {
    return {
      file: now.logsOnly,
      prefix: `[pod/${now.logsOnly}/main] `,
      grows: !now.logsOnly.includes('ended'),
    };
  }
  const podName = args.find((arg) => arg.startsWith('pod/'))?.slice(4);
  const name = args[args.indexOf('-c') + 1];
  const pod = now.pods.find((one) => one.name === podName);
  const container = pod?.containers.find((one) => one.name === name);
  if (pod === undefined || container === undefined) return undefined;
  const isPrevious = args.includes('--previous');
  const restarts = container.restarts - (isPrevious ? 1 : 0);
  return {
    file: `${pod.name}.${pod.uid}.${container.name}.${restarts}.log`,
    prefix: `[pod/${pod.name}/${container.name}] `,
    grows: args.includes('-f') && !container.ended && !isPrevious,
  };
}

const lines = (file: string): string[] => {
  try {
    return readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
};

async function logs(): Promise<void> {
  const found = source();
  if (found === undefined) fail('Error from server (NotFound): pods not found');
  const { file, prefix } = found;
  const { calm, neverSilent } = cluster();
  const registry = join(folder, 'connections');
  appendFileSync(registry, '.');
  const connection = readFileSync(registry).length;
  const draw = (place: number, below: number): number => (calm ? below - 1 : drawn(connection, place, below));
  const rough = (place: number, below: number): number => (calm ? 0 : drawn(connection, place, below));
  if (draw(0, 6) === 0) fail('Unable to connect to the server: EOF');

  const since = wordOf('--since-time') ?? '';
  const tail = wordOf('--tail');
  let given = 0;
  const first = lines(file);
  if (tail !== undefined) given = Math.max(0, first.length - Number(tail));
  while (given < first.length && first[given]!.slice(0, 19) < since.slice(0, 19)) given++;
  // the seam: some more than was asked for, in another order
  const seam = first.slice(Math.max(0, given - rough(1, 4)), given + rough(2, 12));
  given = Math.min(first.length, given + rough(2, 12));
  for (let k = seam.length - 1; k > 0; k--) {
    const other = draw(100 + k, k + 1);
    [seam[k], seam[other]] = [seam[other]!, seam[k]!];
  }
  const write = (line: string): boolean => process.stdout.write(`${prefix}${line}\n`);
  for (const line of seam) write(line);

  const breaksAfter = calm ? Number.POSITIVE_INFINITY : given + 60 + draw(3, 200);
  for (;;) {
    const all = lines(file);
    for (; given < all.length; given++) {
      write(all[given]!);
      // the same again within one connection
      if (draw(1000 + given, 40) === 0)
        for (const line of all.slice(Math.max(0, given - 5), given + 1)) write(line);
      if (given < breaksAfter) continue;
      if (draw(4, 4) === 0 && !neverSilent) await delay(60_000);
      if (draw(4, 4) === 1) process.stdout.write(`${prefix}${all[given]!.slice(0, 20)}`);
      await new Promise((done) => process.stdout.write('', done));
      if (draw(5, 2) === 0) return;
      fail('error: unexpected EOF');
    }
    if (!found.grows || source()?.file !== file || source()?.grows !== true) {
      if (lines(file).length === given) return;
    }
    await delay(5);
  }
}

if (args[0] === 'get') get(args[1]!);
else if (args[0] === 'logs') await logs();
else fail(`error: unknown command ${args[0]}`);
