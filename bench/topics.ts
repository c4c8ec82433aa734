import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';
import { program } from '../test/helpers/program.ts';
import { startBroker } from '../test/interop/broker.ts';
import { find } from '../test/interop/components.ts';
import { TestCluster } from '../test/interop/kafka-roles-cluster.ts';
import { operatorLog } from './log.ts';
import { type Command, measure, median, node } from './measure.ts';

const PARTITIONS = 8;
const clientStream = fileURLToPath(new URL('./client-stream.js', import.meta.url));

interface Figures {
  readonly seconds: number;
  /** User and system, of the program alone. */
  readonly processorSeconds: number;
  readonly peakBytes: number;
}

/**
 * Topics beside a file with the same records, and beside the client's own stream, which only counts lines: whole
 * processes in turn, start-up included, with a broker of its own on the same processors. How far it is stands on standard
 * error.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      records: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const records = Number(values.records);
  const jars = await find('kafka');
  const broker = await startBroker(jars);
  try {
    tell(`a broker is at ${broker.address}; the log is made`);
    const log = operatorLog(records, 1);
    const commands = new Map<string, Command>([['file', node(program, ['-o', 'json', '-q', log])]]);
    for (const codec of codecs()) {
      tell(`topic ${codec} is filled`);
      await fill(new TestCluster(broker, jars), codec, log);
      const url = `kafka://${broker.address}/${codec}?end=latest`;
      commands.set(`topic, ${codec}`, node(program, ['-o', 'json', '-q', url]));
      commands.set(`client, ${codec}`, node(clientStream, [broker.address, codec, String(records)]));
    }
    print(await rounds(commands, Number(values.rounds)), records);
  } finally {
    await broker.stop();
  }
}

function codecs(): readonly string[] {
  if ('zstdCompressSync' in zlib) return ['none', 'lz4', 'zstd'];
  tell(`zstd is left out: the client packs it from Node 22.15 on, and this is ${process.version}`);
  return ['none', 'lz4'];
}

function tell(what: string): void {
  process.stderr.write(`topics: ${what}\n`);
}

async function fill(cluster: TestCluster, codec: string, log: string): Promise<void> {
  await cluster.createTopic(codec, PARTITIONS);
  await cluster.produce(codec, readFileSync(log, 'utf8').trimEnd().split('\n'), PARTITIONS, codec);
}

async function rounds(
  commands: ReadonlyMap<string, Command>,
  count: number,
): Promise<ReadonlyMap<string, Figures[]>> {
  const found = new Map(Array.from(commands.keys(), (name) => [name, [] as Figures[]]));
  for (let round = 0; round < count; round++) {
    for (const [name, command] of commands) {
      const before = childrensSeconds();
      const run = await measure(command);
      found.get(name)!.push({ ...run, processorSeconds: childrensSeconds() - before });
      tell(`round ${round + 1} of ${count}: ${name} took ${run.seconds.toFixed(2)} s`);
    }
  }
  return found;
}

/** What children that have ended used of processors, by Linux; NaN elsewhere. */
function childrensSeconds(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ');
    // cutime and cstime, in hundredths
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return Number.NaN;
  }
}

function print(found: ReadonlyMap<string, readonly Figures[]>, records: number): void {
  const file = found.get('file')!;
  const columns = ['', 'seconds', 'of the file', 'CPU s a million', 'MB'];
  process.stdout.write(`${columns.map((text) => text.padEnd(16)).join('')}\n`);
  for (const [name, runs] of found) {
    const middle = (of: (run: Figures) => number) => median(runs.map(of));
    const ratio = median(runs.map(({ seconds }, k) => file[k]!.seconds / seconds));
    const figures = [
      middle(({ seconds }) => seconds).toFixed(2),
      ratio.toFixed(2),
      ((middle(({ processorSeconds }) => processorSeconds) * 1e6) / records).toFixed(2),
      (middle(({ peakBytes }) => peakBytes) / 1e6).toFixed(0),
    ];
    process.stdout.write(`${[name, ...figures].map((text) => text.padEnd(16)).join('')}\n`);
  }
}
