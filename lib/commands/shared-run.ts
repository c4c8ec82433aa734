import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { describeError, MirrormonError } from '../errors.ts';
import { isKafkaUrl } from '../inputs/kafka/is-kafka-url.ts';
import { withUrl } from '../inputs/kafka/kafka-url.ts';
import { makeTopics, openCluster } from '../roles/cluster.ts';
import { Mapper, type MapperOptions } from '../roles/mapper.ts';
import { Reducer } from '../roles/reducer.ts';
import { fingerprintOf, measuringOf } from '../state/measuring.ts';
import { thousands } from '../text/thousands.ts';
import type { Invocation, RunOptions } from './invocation.ts';
import { type Io, type StopSignal, signalStatus } from './io.ts';
import { terminalOf } from './look.ts';
import { outputsOf, refuseUnsafeOutputs } from './safety/safe-outputs.ts';
import type { Messages } from './standard-error.ts';

/** What a signal leaves for reading, reporting and committing; then the process ends, as others go on. Milliseconds. */
const END_MS = 24_000;

/** How a process of a shared run was told to end. */
class Stopping {
  readonly controller = new AbortController();
  signal: StopSignal | undefined;
  failed = false;
  /** Settles when nothing is waited for any more. */
  readonly over: Promise<void>;
  readonly deaf: () => void;

  constructor(io: Io) {
    let end: () => void = () => {};
    this.over = new Promise((resolve) => {
      end = resolve;
    });
    this.deaf = io.onSignal((given) => {
      // it has nothing open that is known by its name
      if (given === 'SIGUSR1') return;
      this.signal ??= given;
      this.controller.abort();
      setTimeout(() => end(), END_MS).unref();
    });
  }
}

/**
 * A process of a run that several share by Kafka: it maps, reduces, or does both, until a signal ends it.
 * @returns the exit status
 */
export async function sharedRun(
  names: readonly string[],
  invocation: Asked,
  loaded: Config,
): Promise<number> {
  const { options, io, messages } = invocation;
  const config = configOf(names, loaded);
  const { role, group } = config.kafka;
  refuseUnfit(config, options);
  const writesStdout = config.handlers.some(({ type }) => type === 'stdout');
  await refuseUnsafeOutputs(
    outputsOf(options, config.handlers),
    { files: [], config: options.config, io, writesStdout },
    options.force ?? false,
  );
  const stopping = new Stopping(io);
  const measuring = fingerprintOf(measuringOf(config, undefined));
  const cluster = await openCluster(config, measuring, (text) => messages.tell(text));
  const shares = await makeTopics(cluster, stopping.controller.signal);
  const common = { cluster, shares, id: randomUUID(), roles: new Map(), signal: stopping.controller.signal };
  messages.note(`${role === 'both' ? 'maps and reduces' : `${role}s`} for ${group}, of ${shares} shares`);
  const counted = { records: 0 };
  const loops: Promise<void>[] = [];
  if (role !== 'reduce') loops.push(goOn(mapperOf(common, invocation, counted), stopping, messages));
  if (role !== 'map') loops.push(goOn(reducerOf(common, invocation, stopping), stopping, messages));
  await Promise.race([Promise.all(loops), stopping.over]);
  stopping.deaf();
  if (!options.quiet && role !== 'reduce')
    io.stderr.write(`mirrormon: ${thousands(counted.records)} records mapped and committed\n`);
  if (stopping.failed) return 1;
  return stopping.signal === undefined ? 0 : signalStatus(stopping.signal);
}

type Asked = Omit<Invocation, 'files'>;
type Common = Omit<MapperOptions, 'reading' | 'onCommit'>;

function mapperOf(common: Common, { options, messages }: Asked, counted: { records: number }): Mapper {
  return new Mapper({
    ...common,
    reading: {
      inputFormat: options.inputFormat,
      records: options.records,
      deadLetters: options.deadLetters,
      warn: (text) => messages.warn(text),
      note: (text) => messages.note(text),
      tell: (text) => messages.tell(text),
    },
    onCommit: (records) => {
      counted.records += records;
    },
  });
}

function reducerOf(common: Common, { options, io, messages }: Asked, { controller }: Stopping): Reducer {
  return new Reducer({
    ...common,
    idleAfter: common.cluster.kafka.idleAfter,
    writing: {
      warn: (text) => messages.warn(text),
      note: (text) => messages.note(text),
      tell: (text) => messages.tell(text),
      stdout: { stream: io.stdout, terminal: terminalOf(io, options), order: {} },
      onOver: () => controller.abort(),
    },
  });
}

/** What cannot be mended ends the process; others go on with its part. */
async function goOn(role: Mapper | Reducer, stopping: Stopping, messages: Messages): Promise<void> {
  try {
    await role.run();
  } catch (error) {
    stopping.failed = true;
    messages.error(describeError(error));
    stopping.controller.abort();
  }
}

/** @throws {MirrormonError} USAGE or CONFIG_INVALID */
function configOf(names: readonly string[], config: Config): Config {
  const file = names.find((name) => !isKafkaUrl(name));
  if (file !== undefined || names.length > 1) {
    throw new MirrormonError('USAGE', 'with kafka.role, topics are read and nothing else', {
      where: file ?? names[1],
      hint: 'leave it out, or leave out kafka.role',
    });
  }
  const kafka = names.length === 1 ? withUrl(names[0]!, config.kafka) : config.kafka;
  if (kafka.pattern !== undefined) {
    throw new MirrormonError('CONFIG_INVALID', 'with kafka.role, topics are named', {
      where: 'kafka.pattern',
      hint: 'set kafka.topics instead',
    });
  }
  if (kafka.brokers.length === 0 || (kafka.role !== 'reduce' && kafka.topics.length === 0)) {
    const missing = kafka.brokers.length === 0 ? 'brokers' : 'topics';
    throw new MirrormonError('CONFIG_INVALID', `kafka.role is set, but no ${missing}`, {
      where: 'kafka',
      hint:
        missing === 'brokers'
          ? 'set kafka.brokers, such as [broker:9092]'
          : 'set kafka.topics, such as [operator-logs]',
    });
  }
  if (kafka.partitions !== undefined || kafka.end === 'latest') {
    throw new MirrormonError(
      'CONFIG_INVALID',
      'with kafka.role, the group shares out all partitions, and reading never ends',
      {
        where: 'kafka',
        hint: 'leave out kafka.partitions and kafka.end',
      },
    );
  }
  return { ...config, kafka };
}

/** What a shared run cannot do is refused, not left out. */
function refuseUnfit({ handlers, metrics }: Config, options: RunOptions): void {
  const unfit = (['follow', 'scrape', 'state', 'partial', 'ledger', 'since', 'until', 'where'] as const).find(
    (name) => {
      const value = options[name];
      return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
    },
  );
  if (unfit !== undefined) {
    throw new MirrormonError('USAGE', `--${unfit} does not go with kafka.role`, {
      hint: 'leave out one of them',
    });
  }
  for (const { name, place, format, type, subscriptions } of handlers) {
    const other = subscriptions.find((subscription) => subscription.type !== 'metrics');
    if (other === undefined && format !== 'summary' && type !== 'report') continue;
    throw new MirrormonError(
      'CONFIG_INVALID',
      `handler ${name} wants ${other === undefined ? 'who used what' : other.type}, but who reduces has metrics alone`,
      { where: other?.place ?? place, hint: 'subscribe to metrics alone, or leave out kafka.role' },
    );
  }
  const between = metrics.rules.find(({ elapsed }) => elapsed !== undefined);
  if (between !== undefined) {
    throw new MirrormonError(
      'CONFIG_INVALID',
      `${between.name} measures the time between records, which several processes may read`,
      { where: 'metrics.rules', hint: 'leave it out, or leave out kafka.role' },
    );
  }
}
