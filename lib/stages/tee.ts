import type { Batch, Flow, Picks, Selection } from '../batch/batch.ts';
import { OutputClosed } from '../errors.ts';
import type { Gate } from './gate.ts';
import type { Step } from './transform.ts';

/** What waits before one handler, as the tee sees it. */
export interface TeeQueue {
  /** Why nothing more is taken: a failure, or OutputClosed; undefined while it is open. */
  readonly closedBy: Error | undefined;
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
}

/** Gives every handler what it selected and waits for the slowest; then the batch leaves the pipeline. */
export class Tee implements Step<Selection, Selection> {
  private readonly options: TeeOptions;

  constructor(options: TeeOptions) {
    this.options = options;
  }

  async *push(selection: Selection): AsyncGenerator<Selection> {
    const { queues, gate, deadLetters } = this.options;
    const { batch, report, to } = selection.flow;
    for (const picks of selection.picks) await queues[picks.handler]!.offer(selection.flow, picks);
    const last = !report && to === batch.rows;
    if (last && batch.rejected.length > 0) await deadLetters?.(batch);
    this.throwIfStopped();
    if (last) gate.give();
    yield selection;
  }

  async *end(): AsyncGenerator<Selection> {
    for (const queue of this.options.queues) await queue.drained();
    this.throwIfStopped();
    yield* [];
  }

  /** A failed handler ends the run; closed outputs end it once no other handler is left. */
  private throwIfStopped(): void {
    const { queues } = this.options;
    const failed = queues.find(
      ({ closedBy }) => closedBy !== undefined && !(closedBy instanceof OutputClosed),
    );
    if (failed !== undefined) throw failed.closedBy;
    if (queues.length > 0 && queues.every(({ closedBy }) => closedBy !== undefined))
      throw queues[0]!.closedBy;
  }
}
