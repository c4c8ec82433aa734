import type { Config, KafkaConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import { Expression } from '../filters/expression.ts';
import { KAFKA_FIELD } from '../inputs/kafka/annotate.ts';
import type { BegunReader } from '../inputs/kafka/begun-reader.ts';
import type { KafkaSource } from '../inputs/kafka/index.ts';
import { isKafkaUrl } from '../inputs/kafka/is-kafka-url.ts';
import { withUrl } from '../inputs/kafka/kafka-url.ts';
import { type InputBytes, type InputRest, reported } from '../inputs/sources.ts';
import type { Pipeline } from '../pipeline.ts';
import type { LargeStreams } from './large-inputs.ts';

export interface OpenKafkaOptions {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  readonly onError: (error: MirrormonError) => void;
  /** When the rest is left to its parser; undefined where others are read beside it. */
  readonly large: LargeStreams | undefined;
}

/** How topics are read. */
export interface KafkaReading {
  /** Only a signal ends it. */
  readonly isLive: boolean;
  open(pipeline: Pipeline, options: OpenKafkaOptions): AsyncIterable<InputBytes | InputRest>[];
}

/**
 * Tells topics from files among the arguments. Where there is none of either, and nothing else is read, the
 * configuration's topics are. What does it is loaded only then.
 * @param thread that was begun before
 * @throws {MirrormonError} USAGE or CONFIG_INVALID
 */
export async function kafkaReading(
  names: readonly string[],
  { kafka: configured }: Config,
  {
    readsElse = false,
    thread,
  }: { readonly readsElse?: boolean; readonly thread?: BegunReader | undefined } = {},
): Promise<{ readonly files: readonly string[]; readonly kafka: KafkaReading | undefined }> {
  const files = names.filter((name) => !isKafkaUrl(name));
  const urls = names.filter(isKafkaUrl);
  const asked: KafkaConfig[] = urls.map((url) => withUrl(url, configured));
  const isAsked = configured.topics.length > 0 || configured.pattern !== undefined;
  if (names.length === 0 && !readsElse && isAsked) asked.push(fit(configured));
  if (asked.length === 0) return { files, kafka: undefined };
  const { kafkaSource, readKafka } = await import('../inputs/kafka/index.ts');
  const sources = await Promise.all(asked.map((one, k) => kafkaSource(one, k === 0 ? thread : undefined)));
  const read = (source: KafkaSource, pipeline: Pipeline, { signal, warn }: OpenKafkaOptions) =>
    readKafka(source, {
      signal,
      warn,
      annotates: pipeline.asksFor(KAFKA_FIELD),
      account: (topic, partition) => pipeline.ledger.partition(topic, partition),
    });
  return {
    files,
    kafka: {
      isLive: asked.some(({ end }) => end === 'never'),
      open: (pipeline, options) =>
        sources.map((source) =>
          sources.length === 1 && options.large !== undefined
            ? leftToParser(read(source, pipeline, options), options.large, options.onError)
            : amongOthers(read(source, pipeline, options), options.onError),
        ),
    },
  };
}

function fit(config: KafkaConfig): KafkaConfig {
  if (config.pattern !== undefined) refusePattern(config.pattern, config.topics);
  if (config.brokers.length > 0) return config;
  throw new MirrormonError('CONFIG_INVALID', 'kafka.topics are to be read, but of no broker', {
    where: 'kafka',
    hint: 'set kafka.brokers, such as [broker:9092]',
  });
}

function refusePattern(pattern: string, topics: readonly string[]): void {
  const unfit = (message: string, hint: string, cause?: unknown): MirrormonError =>
    new MirrormonError('CONFIG_INVALID', message, { where: 'kafka.pattern', hint, cause });
  if (topics.length > 0)
    throw unfit('topics are named beside a pattern', 'leave out kafka.topics or kafka.pattern');
  try {
    new Expression(pattern);
  } catch (error) {
    throw unfit(`it is no expression: ${(error as Error).message}`, 'write one in the syntax of RE2', error);
  }
}

/** The first bytes tell the framing; once there are many, the rest is left to whoever parses them. */
async function* leftToParser(
  chunks: AsyncGenerator<InputBytes>,
  { largeFrom, isCrowded }: LargeStreams,
  onError: (error: MirrormonError) => void,
): AsyncGenerator<InputBytes | InputRest> {
  let given = 0;
  let isLeft = false;
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      yield next.value;
      given += next.value.bytes.length;
      if (given < largeFrom) continue;
      const { input } = next.value;
      isLeft = true;
      const bytes = () => reported(bytesOf(chunks), onError);
      yield { input, rest: { bytes, pauses: input.pauses, isCrowded } };
      return;
    }
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    onError(error);
  } finally {
    if (!isLeft) await chunks.return(undefined);
  }
}

async function* bytesOf(chunks: AsyncGenerator<InputBytes>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of chunks) yield bytes;
}

/** Bytes that those of other inputs may stand between; a failure is theirs alone. */
async function* amongOthers(
  chunks: AsyncGenerator<InputBytes>,
  onError: (error: MirrormonError) => void,
): AsyncGenerator<InputBytes & { readonly beside: true }> {
  try {
    for await (const chunk of chunks) yield { ...chunk, beside: true };
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    onError(error);
  }
}
