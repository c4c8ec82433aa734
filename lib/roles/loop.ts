import { setTimeout as delay } from 'node:timers/promises';
import { MirrormonError } from '../errors.ts';
import { explainFailure } from '../kafka/failures.ts';
import type { RoleAccount } from '../kafka/role-account.ts';
import { type Cluster, PAUSE } from './cluster.ts';
import { type Generation, Membership } from './membership.ts';

const fencing = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID']);

/** The work of one generation, until its signal or that of the run aborts. */
export type Work = (generation: Generation) => Promise<void>;

/** What is done by generations of a group. */
export interface GroupWork {
  readonly id: string;
  readonly topics: readonly string[];
  readonly account: RoleAccount;
  readonly work: Work;
  /**
   * Milliseconds behind the end of the run in which further generations may finish the work: when members end together,
   * the first one to leave has the group divided anew while the others are at their last reports. 0 = none.
   */
  readonly patience: number;
}

/**
 * Does the work of one generation after the other until the run ends, and leaves the group. What fails is begun anew from
 * what was committed last.
 * @throws {MirrormonError} what no patience mends
 */
export async function loop(cluster: Cluster, group: GroupWork, signal: AbortSignal): Promise<void> {
  const membership = new Membership(cluster, group.id, group.topics);
  const { over, stop } = later(signal, group.patience);
  try {
    for await (const generation of membership.generations(over)) {
      group.account.rebalances++;
      const isDone = await untilOver(cluster, generation, group.work, over);
      if (isDone && signal.aborted) return;
    }
  } finally {
    stop();
    await membership.leave();
  }
}

/** Aborts so many milliseconds after another signal. */
function later(signal: AbortSignal, milliseconds: number): { over: AbortSignal; stop(): void } {
  if (milliseconds === 0) return { over: signal, stop: () => {} };
  const control = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => control.abort(), milliseconds);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  const stop = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
  };
  return { over: control.signal, stop };
}

/** @returns whether the work was done to its end */
export async function untilOver(
  { tell }: Cluster,
  generation: Generation,
  work: Work,
  signal: AbortSignal,
): Promise<boolean> {
  while (!generation.signal.aborted && !signal.aborted) {
    try {
      await work(generation);
      return !generation.signal.aborted;
    } catch (error) {
      const isRefused = error instanceof MirrormonError;
      if (isRefused && !(error.code === 'INPUT_UNREADABLE' && error.canRetry)) throw error;
      if (isFenced(error)) {
        generation.tellSilent();
        return false;
      }
      // what is left of a generation that is over is nobody's concern
      if (generation.signal.aborted) return false;
      const { message, hint } = isRefused ? error : explainFailure(error);
      tell(
        `group ${generation.groupId}: ${message}${hint === undefined ? '' : `; ${hint}`}; what was not committed is done again`,
      );
      await delay(PAUSE, undefined, { signal: generation.signal }).catch(() => {});
    }
  }
  return false;
}

/** Whether the group says that it is in another generation, or has another member in this one's place. */
function isFenced(error: unknown): boolean {
  const {
    apiId,
    errors = [],
    cause,
  } = error as {
    readonly apiId?: string;
    readonly errors?: readonly unknown[];
    readonly cause?: unknown;
  };
  return (
    (apiId !== undefined && fencing.has(apiId)) ||
    errors.some(isFenced) ||
    (cause instanceof Error && isFenced(cause))
  );
}

/** Resolves once a signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
