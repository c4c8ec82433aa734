import type { Batch, Flow, Picks, Selection } from '../batch/batch.ts';
import { OutputClosed } from '../errors.ts';
import type { Gate } from './gate.ts';
import type { Step } from './transform.ts';

/** What waits before one handler, as the tee sees it. */
export interface TeeQueue {
  /** Why nothing more is taken: a failure, or OutputClosed; undefined while it is open. */
  readonly closedBy: Error | undefined;
  /** Whether that is the end of the run, whatever the others do. */
  readonly isFatal: boolean;
  /** Resolves once there is room for the selection and it is in the queue. */
  offer(flow: Flow, picks: Picks): Promise<void>;
  /** Resolves once nothing waits any more. */
  drained(): Promise<void>;
}

export interface TeeOptions {
  readonly queues: readonly TeeQueue[];
  readonly gate: Gate;
  /** Takes the rejected records of every batch; undefined = they are only counted. */
  readonly deadLetters: ((batch: Batch) => Promise<void>) | undefined;
  /** Told, once or more often, that nothing more needs to be read; without it, that is a failure of the stage at once. */
  readonly onOver?: (() => void) | undefined;
}

/**
 * Gives every handler what it selected and waits for those that may not lose; then the batch leaves the pipeline. One
 * that was closed ends the run only if it is told to (onError: fail), or if no other is left: then nothing more is to be
 * read, and what was read goes its way, so that the books are true.
 */
export class Tee implements Step<Selection, Selection> {
  private readonly options: TeeOptions;

  constructor(options: TeeOptions) {
    this.options = options;
  }

  /** Whether nothing more needs to be read. */
  get isOver(): boolean {
    const { queues } = this.options;
    if (queues.some(({ isFatal }) => isFatal)) return true;
    return queues.length > 0 && queues.every(({ closedBy }) => closedBy !== undefined);
  }

  async *push(selection: Selection): AsyncGenerator<Selection> {
    const { queues, gate, deadLetters } = this.options;
    const { batch, report, to } = selection.flow;
    for (const picks of selection.picks) await queues[picks.handler]!.offer(selection.flow, picks);
    const last = !report && to === batch.rows;
    if (last && batch.rejected.length > 0) await deadLetters?.(batch);
    if (last) gate.give();
    if (this.isOver) this.tellOver();
    yield selection;
  }

  /** @throws what closed a handler, once the others have all that they selected */
  async *end(): AsyncGenerator<Selection> {
    const { queues } = this.options;
    for (const queue of queues) await queue.drained();
    const failure = this.reasons.find((reason) => !(reason instanceof OutputClosed));
    if (failure !== undefined) throw failure;
    if (queues.length > 0 && this.reasons.length === queues.length) throw this.reasons[0];
    yield* [];
  }

  private tellOver(): void {
    const { onOver } = this.options;
    if (onOver === undefined) throw this.reasons[0];
    onOver();
  }

  private get reasons(): Error[] {
    return this.options.queues.map(({ closedBy }) => closedBy).filter((reason) => reason !== undefined);
  }
}
