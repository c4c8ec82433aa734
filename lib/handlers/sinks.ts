import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../batch/batch.ts';
import type { HandlerConfig } from '../config.ts';
import { describeError, OutputClosed } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import type { QueueHooks } from './attempts.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Handler, HandlerContext, ParcelHandler, RunCondition } from './handler.ts';
import { HandlerQueue, type SinkQueue } from './queue.ts';
import type { Output } from './stdout/index.ts';

export interface SinkOptions {
  /** Where stdout handlers write. */
  readonly stdout?: Output | undefined;
  /** How far outputs had been written, of a run that goes on: see Sinks.positions. */
  readonly positions?: Readonly<Record<string, unknown>> | undefined;
  /** File for rejected records. */
  readonly deadLetters?: string | undefined;
  /** Makes a handler of a configuration: a program's own sinks. undefined = the built-in one of the type. */
  readonly openHandler?:
    | ((config: HandlerConfig, context: HandlerContext) => Handler | ParcelHandler | undefined)
    | undefined;
}

/** Names of positions. */
const HANDLER = 'handler ';
const DEAD_LETTERS = 'dead letters';

/** Everything that is written to: the handlers, each behind its queue, and the dead letters. */
export class Sinks {
  readonly handlers: (Handler | ParcelHandler)[] = [];
  /** By handler, in the order of the configuration; complete once `ready` is settled. */
  readonly queues: SinkQueue[] = [];
  /** Settled once every handler is open; rejects with the first that cannot. */
  readonly ready: Promise<void>;
  private readonly deadLetters: DeadLetters | undefined;
  private readonly patience = new AbortController();
  private isOpen = false;
  private isClosing = false;

  constructor(context: HandlerContext, ledger: Ledger, options: SinkOptions) {
    const { deadLetters } = options;
    this.deadLetters = deadLetters === undefined ? undefined : new DeadLetters(deadLetters, context.tell);
    this.ready = this.open(context, ledger, options);
    // whoever reads the stream sees the failure there; `ready` need not be watched as well
    this.ready.catch(() => {});
  }

  /** Takes the rejected records of a batch; undefined where nobody wants them. */
  get reject(): ((batch: Batch) => Promise<void>) | undefined {
    const { deadLetters } = this;
    return deadLetters && ((batch) => deadLetters.write(batch));
  }

  private async open(context: HandlerContext, ledger: Ledger, options: SinkOptions): Promise<void> {
    const delay = (ms: number): Promise<void> =>
      sleep(ms, undefined, { signal: this.patience.signal }).catch(() => {});
    const hooks: QueueHooks = { ...context, delay, onClosed: (error) => this.onClosed(error, context) };
    const { positions = {} } = options;
    await this.deadLetters?.open(positions[DEAD_LETTERS] as number | undefined);
    for (const config of context.config.handlers) {
      const handler = options.openHandler?.(config, context) ?? (await builtIn(config, context, options));
      const position = positions[HANDLER + handler.name];
      if (position !== undefined) await handler.cutBack?.(position);
      await handler.open();
      this.handlers.push(handler);
      this.queues.push(await queueOf(handler, config, ledger, hooks));
    }
    this.isOpen = true;
  }

  /** How far everything was written, by name; on disk by then. Nothing may be under way. */
  async positions(): Promise<Readonly<Record<string, unknown>>> {
    const positions: [string, unknown][] = [];
    for (const handler of this.handlers) positions.push([HANDLER + handler.name, await handler.position?.()]);
    if (this.deadLetters !== undefined) positions.push([DEAD_LETTERS, await this.deadLetters.position()]);
    return Object.fromEntries(positions);
  }

  /** The last positions are in a state. */
  async kept(): Promise<void> {
    for (const handler of this.handlers) await handler.kept?.();
  }

  /** How the handlers fare, for whoever asks the endpoint. */
  condition(): RunCondition {
    const failed = this.queues.filter(
      ({ closedBy }) => closedBy !== undefined && !(closedBy instanceof OutputClosed),
    );
    const failing = this.queues.filter(({ isFailing }) => isFailing);
    const unready: string[] = [];
    if (!this.isOpen) unready.push('handlers are being opened');
    if (this.isClosing) unready.push('the run is ending');
    return {
      faults: failed.map(({ handler }) => `handler ${handler.name} has failed for good`),
      unready,
      waiting: failing.map(({ handler }) => `handler ${handler.name} fails and tries again`),
    };
  }

  /** Where nothing else is left, the end of the run says why. */
  private onClosed(error: Error, { tell }: HandlerContext): void {
    if (error instanceof OutputClosed || this.queues.every(({ closedBy }) => closedBy !== undefined)) return;
    tell(`${describeError(error)}; the other handlers go on`);
  }

  /** Opens anew what is open by its name. */
  reopen(): void {
    for (const handler of this.handlers) handler.reopen?.();
  }

  /** Stops waiting for handlers: what they have not taken by now is given up. */
  breakOff(): void {
    for (const queue of this.queues) queue.breakOff();
    this.patience.abort();
  }

  /** Lets what the handlers still hold be written, and closes them. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.ready.catch(() => {});
    await Promise.all(this.queues.map((queue) => queue.drained()));
    const sinks = [...this.handlers, ...(this.deadLetters ? [this.deadLetters] : [])];
    const closings = await Promise.allSettled(sinks.map((sink) => sink.close()));
    const failed = closings.find((closing) => closing.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

async function queueOf(
  handler: Handler | ParcelHandler,
  config: HandlerConfig,
  ledger: Ledger,
  hooks: QueueHooks,
): Promise<SinkQueue> {
  if (!('deliver' in handler)) return new HandlerQueue(handler, config, ledger, hooks);
  const { openParcelQueue } = await import('./spool/parcel-queue.ts');
  return openParcelQueue(handler, config, ledger, hooks);
}

/** Handlers are loaded when one is configured: most runs need one of them, and start-up time counts. */
async function builtIn(
  config: HandlerConfig,
  context: HandlerContext,
  { stdout }: SinkOptions,
): Promise<Handler | ParcelHandler> {
  switch (config.type) {
    case 'file':
      return (await import('./file/index.ts')).openFile(config, context);
    case 'prometheus':
      return (await import('./prometheus/index.ts')).openPrometheus(config, context);
    case 'otlp':
      return (await import('./otlp/index.ts')).openOtlp(config, context);
    case 'kafka':
      return (await import('./kafka/index.ts')).openKafka(config, context);
    case 'report':
      return (await import('./report/index.ts')).openReport(config, context);
    case 'stdout': {
      const output = stdout ?? {
        stream: process.stdout,
        terminal: { isTTY: process.stdout.isTTY === true, color: false },
      };
      return (await import('./stdout/index.ts')).openStdout(config, context, output);
    }
  }
}
