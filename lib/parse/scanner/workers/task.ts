import type { Slot } from '../slot.ts';
import { accountOf, joined } from './account.ts';
import { type Account, type RangeOrder, type Scan, SKIPPED, UNREADABLE } from './worker-messages.ts';

export type Answer = Scan | typeof UNREADABLE | typeof SKIPPED;

/** A job that was given to a worker, as its lane has it. */
export interface TaskOf<Lane> {
  readonly lane: Lane;
  readonly slot: Slot;
  /** Fails if the worker did. */
  readonly scan: Promise<Answer>;
  readonly settled: boolean;
  /** Set when it is settled and nothing is left of the lines but an account of them. */
  readonly account: Account | undefined;
  /** Set when it is settled and its range was not read to its stop: what is left of it is to be given anew. */
  readonly left: RangeOrder | undefined;
  /** Whether its slot is free again: no rows are in it. */
  readonly isFree: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A task that knows, once it is settled, what became of its job.
 * @param range that the job reads, if it reads one
 * @param told `onFree` where its slot is to be used again; `onLeft` where its range was not read to its stop
 */
export function taskOf<Lane>(
  given: Pick<TaskOf<Lane>, 'lane' | 'slot' | 'scan'>,
  range: RangeOrder | undefined,
  told: { onFree(): void; onLeft(): void },
): TaskOf<Lane> {
  const nothing = { settled: false, account: undefined, left: undefined, isFree: false };
  const task: Mutable<TaskOf<Lane>> = { ...given, ...nothing };
  const settle = (answer: Answer | undefined): void => {
    task.settled = true;
    if (answer === undefined || answer === UNREADABLE) return;
    if (answer !== SKIPPED) {
      const { reached: start, reachedLine: atLine, before } = answer;
      const account = accountOf(answer);
      task.account = account && joined(before, account);
      if (range !== undefined && start < range.stop) {
        task.left = { ...range, start, atLine };
        told.onLeft();
      }
    }
    if (answer !== SKIPPED && task.account === undefined) return;
    task.isFree = true;
    told.onFree();
  };
  // whoever waits is told; a task that was given up has nobody who waits
  given.scan.then(settle, () => settle(undefined));
  return task;
}
