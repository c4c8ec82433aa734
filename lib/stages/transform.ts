import { Transform } from 'node:stream';

/**
 * A stage without its stream: items in, items out, state explicit. Outputs are lazy: the next is asked for only when
 * there is room for it, so a step may hold what it likes between two outputs without anything piling up behind it.
 */
export interface Step<In, Out> {
  push(item: In): Iterable<Out> | AsyncIterable<Out>;
  /** The input has ended. */
  end?(): Iterable<Out> | AsyncIterable<Out>;
  /** Wall-clock time passes; called only between two items. */
  tick?(now: number): Iterable<Out>;
}

export interface TransformOptions {
  /** Milliseconds between ticks; 0 = none. */
  readonly tickEvery?: number;
  readonly now?: () => number;
}

/** The one place where a step becomes a stream. One item waits on either side; the batches in all are bounded by a gate. */
export function asTransform<In, Out>(step: Step<In, Out>, options: TransformOptions = {}): Transform {
  return new StepTransform(step, options);
}

class StepTransform<In, Out> extends Transform {
  private readonly step: Step<In, Out>;
  private room: (() => void) | undefined;
  private busy = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(step: Step<In, Out>, { tickEvery = 0, now = Date.now }: TransformOptions) {
    super({ objectMode: true, readableHighWaterMark: 1, writableHighWaterMark: 1 });
    this.step = step;
    if (tickEvery > 0 && step.tick !== undefined) {
      this.timer = setInterval(() => this.onTick(now()), tickEvery).unref();
    }
  }

  override _transform(item: In, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.run(() => this.step.push(item), done);
  }

  override _flush(done: (error?: Error | null) => void): void {
    clearInterval(this.timer);
    this.run(() => this.step.end?.() ?? [], done);
  }

  override _read(size: number): void {
    const room = this.room;
    if (room !== undefined) {
      this.room = undefined;
      room();
    }
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.timer);
    // a producer that waits for room would wait for ever; it finds the stream destroyed and stops
    this.room?.();
    done(error);
  }

  private onTick(now: number): void {
    if (this.busy || this.destroyed || this.writableEnded) return;
    this.run(
      () => this.step.tick?.(now) ?? [],
      (error) => {
        if (error) this.destroy(error);
      },
    );
  }

  /** A tick that falls into a push is left out; a push that comes during a tick waits for it. */
  private pending: Promise<void> = Promise.resolve();

  private run(outputs: () => Iterable<Out> | AsyncIterable<Out>, done: (error?: Error | null) => void): void {
    const start = this.busy ? this.pending.then(() => this.emitAll(outputs)) : this.emitAll(outputs);
    this.pending = start.catch(() => {});
    start.then(() => done(), done);
  }

  private async emitAll(outputs: () => Iterable<Out> | AsyncIterable<Out>): Promise<void> {
    this.busy = true;
    try {
      for await (const output of outputs()) {
        if (this.destroyed) return;
        if (!this.push(output)) {
          await new Promise<void>((resolve) => {
            this.room = resolve;
          });
        }
      }
    } finally {
      this.busy = false;
    }
  }
}
