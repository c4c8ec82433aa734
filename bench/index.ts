import { run as distinct } from './distinct.ts';
import { run as field } from './field.ts';
import { run as filters } from './filters.ts';
import { run as forms } from './forms.ts';
import { run as math } from './math.ts';
import { run as peers } from './peers/install.ts';
import { run as scanner } from './scanner.ts';
import { run as slowSink } from './slow-sink.ts';
import { run as throughput } from './throughput.ts';
import { run as topics } from './topics.ts';

/** Each gives an exit status, or nothing where it only tells. */
const benches: Readonly<Record<string, (args: string[]) => Promise<unknown>>> = {
  throughput,
  distinct,
  field,
  peers,
  filters,
  forms,
  math,
  scanner,
  'slow-sink': slowSink,
  topics,
};

const args = process.argv.slice(2);
const name = args[0]?.startsWith('-') === false ? (args.shift() as string) : 'throughput';
const bench = benches[name];
if (bench === undefined) {
  console.error(`no bench is called '${name}'; there are ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = Number((await bench(args)) ?? 0);
}
