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
  tick?(now: number): Iterable<Out> | AsyncIterable<Out>;
}

export interface TransformOptions {
  /** Milliseconds between ticks; 0 = none. */
  readonly tickEvery?: number;
  readonly now?: () => number;
}

/** The one place where a step becomes a stream. One item waits on either side; the batches in all are bounded by a gate. */
export function asTransform<In, Out>(
  step: Step<In, Out>,
  options: TransformOptions = {},
): StepTransform<In, Out> {
  return new StepTransform(step, options);
}

type Outputs<Out> = Iterable<Out> | AsyncIterable<Out>;
type Done = (error?: Error | null) => void;

/** A step as a stream. */
export class StepTransform<In, Out> extends Transform {
  private readonly step: Step<In, Out>;
  private room: (() => void) | undefined;
  /** Set while outputs are given that are not all there at once. */
  private giving: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(step: Step<In, Out>, { tickEvery = 0, now = Date.now }: TransformOptions) {
    super({ objectMode: true, readableHighWaterMark: 1, writableHighWaterMark: 1 });
    this.step = step;
    if (tickEvery > 0 && step.tick !== undefined) {
      this.timer = setInterval(() => this.onTick(now()), tickEvery).unref();
    }
  }

  override _transform(item: In, _encoding: BufferEncoding, done: Done): void {
    this.run(() => this.step.push(item), done);
  }

  override _flush(done: Done): void {
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

  override _destroy(error: Error | null, done: Done): void {
    clearInterval(this.timer);
    // a producer that waits for room would wait for ever; it finds the stream destroyed and stops
    this.room?.();
    done(error);
  }

  /** A tick that falls into a push is left out. */
  private onTick(now: number): void {
    if (this.giving === undefined) this.inject(() => this.step.tick?.(now) ?? []);
  }

  /** Gives outputs that no item asked for, between two items; none once the input has ended. */
  inject(outputs: () => Outputs<Out>): void {
    if (this.destroyed || this.writableEnded) return;
    this.run(outputs, (error) => {
      if (error) this.destroy(error);
    });
  }

  private run(outputs: () => Outputs<Out>, done: Done): void {
    if (this.giving !== undefined) {
      // a push that comes during a tick waits for it
      this.giving.then(() => this.run(outputs, done));
      return;
    }
    try {
      const giving = this.give(outputs());
      if (giving === undefined) done();
      else this.follow(giving, done);
    } catch (error) {
      done(error as Error);
    }
  }

  private follow(giving: Promise<void>, done: Done): void {
    const settle = (error?: Error): void => {
      this.giving = undefined;
      done(error);
    };
    this.giving = giving.then(() => settle(), settle);
  }

  /** Most steps have their outputs at once, and promises would be the greater part of their cost. */
  private give(outputs: Outputs<Out>): Promise<void> | undefined {
    if (Symbol.asyncIterator in outputs) return this.giveAll(outputs);
    const iterator = outputs[Symbol.iterator]();
    return this.giveWhatFits(iterator) ? undefined : this.giveRest(iterator);
  }

  /** Gives whether these were all. */
  private giveWhatFits(iterator: Iterator<Out>): boolean {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      if (this.destroyed) {
        iterator.return?.();
        return true;
      }
      if (!this.push(next.value)) return false;
    }
    return true;
  }

  private async giveRest(iterator: Iterator<Out>): Promise<void> {
    do await this.hasRoom();
    while (!this.giveWhatFits(iterator));
  }

  private async giveAll(outputs: AsyncIterable<Out>): Promise<void> {
    for await (const output of outputs) {
      if (this.destroyed) return;
      if (!this.push(output)) await this.hasRoom();
    }
  }

  private hasRoom(): Promise<void> {
    return new Promise<void>((resolve) => {
      if (this.destroyed) resolve();
      else this.room = resolve;
    });
  }
}
