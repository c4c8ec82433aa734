import { closeSync, openSync, writeSync } from 'node:fs';
import { MirrormonError, systemReason } from '../../errors.ts';
import { parseDuration } from '../../text/duration.ts';
import type { Io } from '../io.ts';
import { type ReadOptions, readAlone } from '../read-alone.ts';
import { refuseUnsafeOutputs } from '../safety/safe-outputs.ts';
import { TimedExposition } from './timed-exposition.ts';

/** Characters that are written at a time. */
const CHUNK = 1 << 20;

export interface BackfillOptions extends ReadOptions {
  /** The file. */
  readonly output: string;
  /** How far samples are apart, such as 1m. */
  readonly step: string;
}

/**
 * What the metrics of archives were at every step, as OpenMetrics with timestamps, to be made into blocks of a Prometheus.
 * @returns the exit status
 */
export async function backfill(files: readonly string[], options: BackfillOptions, io: Io): Promise<number> {
  const step = parseDuration(options.step);
  if (step === undefined || step < 1000) {
    throw new MirrormonError(
      'USAGE',
      `--step takes a duration of at least 1s, such as 1m, not '${options.step}'`,
    );
  }
  const output = {
    what: '--output',
    path: options.output,
    content: 'samples',
    replaces: true,
    rolls: false,
  } as const;
  const reading = { files, config: options.config, io, writesStdout: false };
  await refuseUnsafeOutputs([output], reading, options.force ?? false);
  const file = new TextFile(options.output);
  const exposition = new TimedExposition();
  const read = await readAlone(files, options, io, (config) => ({
    config: { ...config, metrics: { ...config.metrics, reportInterval: step } },
    options: {
      measure: 'always',
      onReport: (time, figures) => file.write(exposition.step(time, figures)),
    },
  }));
  // without one nothing was read, and the file stays as it is
  if (read.pipeline !== undefined) {
    file.write([exposition.end()]);
    file.close();
    if (!exposition.hasSamples) {
      read.messages.warn(
        "no sample was written: nothing of what was read is measured (OpenZiti's metrics events are passed on as they are)",
      );
    }
  }
  return read.conclude();
}

/** Text to a file, in large pieces; it is opened when there are any. Synchronous: the series must not change while they are written. */
class TextFile {
  private readonly path: string;
  private descriptor: number | undefined;
  private pending = '';
  /** Whoever wrote was told. */
  private hasFailed = false;

  constructor(path: string) {
    this.path = path;
  }

  write(pieces: Iterable<string>): void {
    for (const piece of pieces) {
      this.pending += piece;
      if (this.pending.length >= CHUNK) this.flush();
    }
  }

  close(): void {
    this.flush();
    const { descriptor } = this;
    if (descriptor !== undefined) this.attempt('HANDLER_WRITE', () => closeSync(descriptor));
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending);
    this.pending = '';
    if (this.hasFailed) return;
    const descriptor = this.descriptor ?? this.attempt('HANDLER_OPEN', () => openSync(this.path, 'w'));
    this.descriptor = descriptor;
    this.attempt('HANDLER_WRITE', () => {
      for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
    });
  }

  private attempt<T>(code: 'HANDLER_OPEN' | 'HANDLER_WRITE', act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.hasFailed = true;
      throw new MirrormonError(code, `the samples cannot be written: ${systemReason(error)}`, {
        where: this.path,
        cause: error,
      });
    }
  }
}
