import type { HandlerConfig, OnError } from '../config.ts';
import { describeError, MirrormonError, OutputClosed } from '../errors.ts';
import type { HandlerContext } from './handler.ts';

/** Between two tries of a write, doubling. Milliseconds. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

export interface QueueHooks extends Pick<HandlerContext, 'now' | 'warn' | 'tell' | 'isLive'> {
  /** Resolves after the time, or at once when the run is being broken off. */
  delay(ms: number): Promise<void>;
  /** The handler takes nothing any more. */
  onClosed(error: Error): void;
}

/**
 * How a write ended: it succeeded; what it was to write is dropped, for a reason; or the handler takes nothing any more,
 * which `fatal` makes the end of the run.
 */
export type Result<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'dropped'; readonly reason: string; readonly error?: unknown }
  | { readonly kind: 'closed'; readonly fatal: boolean; readonly reason: string; readonly error: Error };

export interface AttemptsOptions {
  readonly name: string;
  readonly config: Pick<HandlerConfig, 'onError' | 'retryFor'>;
  readonly hooks: QueueHooks;
  /** Whether a write that no try can mend concerns that write alone: a peer refused it. */
  readonly refusesSingly: boolean;
  onFailure(): void;
}

/** The tries of one handler's writes, one write after the other: again, given up or dropped as `onError` says. */
export class Attempts {
  private readonly options: AttemptsOptions;
  private failure: unknown;
  private isBroken = false;
  private onBreak: () => void = () => {};
  private readonly refusalsTold = new Set<string>();

  constructor(options: AttemptsOptions) {
    this.options = options;
  }

  /** How a failed write goes on, for the kind of run that this is. */
  get onError(): OnError {
    return this.options.config.onError ?? (this.options.hooks.isLive() ? 'spool' : 'wait');
  }

  /** Whether the write in hand has failed. */
  get isFailing(): boolean {
    return this.failure !== undefined;
  }

  /** Whether the write in hand has failed, and not because its peer is busy. */
  get isCutOff(): boolean {
    return this.failure !== undefined && !(this.failure instanceof MirrormonError && this.failure.isBusy);
  }

  get broken(): boolean {
    return this.isBroken;
  }

  /** Stops waiting: what is not written now is given up, a write under way included. */
  breakOff(): void {
    this.isBroken = true;
    this.onBreak();
  }

  /** @param until milliseconds since the epoch at which a write that fails is given up, whatever `onError` says */
  async run<T>(write: () => Promise<T> | T, until = () => Number.POSITIVE_INFINITY): Promise<Result<T>> {
    const { name, hooks, onFailure } = this.options;
    let since: number | undefined;
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      if (this.isBroken) return this.ended({ kind: 'dropped', reason: 'not-in-time' });
      try {
        const written = write();
        const value = written instanceof Promise ? await this.orBroken(written) : { value: written };
        if (value === undefined) continue;
        if (this.failure !== undefined) hooks.tell(`${name}: writing again`);
        return this.ended({ kind: 'done', ...value });
      } catch (error) {
        if (error instanceof OutputClosed) {
          return this.ended({ kind: 'closed', fatal: false, reason: 'output-closed', error });
        }
        onFailure();
        since ??= hooks.now();
        const end = this.endOf(error, since, until());
        if (end !== undefined)
          return end.kind === 'dropped' && this.keepsFailing(error) ? end : this.ended(end);
        if (this.failure === undefined) hooks.tell(`${describe(error)}; ${this.patience}`);
        this.failure = error;
        const wanted = (error instanceof MirrormonError && error.retryAfter) || 0;
        const left = Math.min(this.timeLeft(since), until() - hooks.now());
        await hooks.delay(Math.min(Math.max(delay, wanted), Math.max(left, 0)));
      }
    }
  }

  /** undefined = try again. */
  private endOf(error: unknown, since: number, until: number): Result<never> | undefined {
    const { hooks, refusesSingly } = this.options;
    const isOurs = error instanceof MirrormonError;
    const dropped = (reason: string): Result<never> => ({ kind: 'dropped', reason, error });
    const closed = (fatal: boolean): Result<never> => ({
      kind: 'closed',
      fatal,
      reason: 'write-failed',
      error: error as Error,
    });
    // what is no failure of writing at all: nothing that comes later has to suffer from it
    if (!isOurs) {
      hooks.warn(`${this.options.name}: ${describeError(error)}; what it concerns is dropped, and counted`);
      return this.onError === 'fail' ? closed(true) : dropped('write-failed');
    }
    if (!error.canRetry) {
      if (this.onError === 'fail') return closed(true);
      if (refusesSingly) {
        this.tellRefusal(error);
        return dropped('refused');
      }
      return this.onError === 'drop' ? this.dropNow(error) : closed(false);
    }
    if (this.onError === 'drop') return this.dropNow(error);
    if (this.timeLeft(since) <= 0) return closed(true);
    return hooks.now() >= until ? dropped('unreachable') : undefined;
  }

  private dropNow(error: MirrormonError): Result<never> {
    if (this.failure === undefined) {
      this.options.hooks.tell(`${error.describe()}; dropping what it cannot take, as onError: drop says`);
    }
    return { kind: 'dropped', reason: 'write-failed', error };
  }

  /** With onError: drop an outage lasts from write to write, and is told once. */
  private keepsFailing(error: unknown): boolean {
    const keeps = error instanceof MirrormonError && error.canRetry;
    if (keeps) this.failure = error;
    return keeps;
  }

  /** One for each kind, which what to do about it tells: the words of a peer may differ each time. */
  private tellRefusal(error: MirrormonError): void {
    const kind = error.hint ?? error.message;
    if (this.refusalsTold.has(kind)) return;
    this.refusalsTold.add(kind);
    this.options.hooks.warn(`${error.describe()}; what it refuses is dropped, and counted`);
  }

  private ended<R>(result: R): R {
    this.failure = undefined;
    return result;
  }

  /** Milliseconds until `onError: fail` gives a write up that has failed since then. */
  private timeLeft(since: number): number {
    if (this.onError !== 'fail') return Number.POSITIVE_INFINITY;
    return since + this.options.config.retryFor - this.options.hooks.now();
  }

  private get patience(): string {
    switch (this.onError) {
      case 'fail':
        return `trying again for ${this.options.config.retryFor / 1000} s`;
      case 'spool':
        return 'trying again until it works, and spooling what comes meanwhile';
      default:
        return 'trying again until it works';
    }
  }

  /** undefined if nobody waits for it any more. */
  private orBroken<T>(written: Promise<T>): Promise<{ value: T } | undefined> {
    return new Promise((resolve, reject) => {
      this.onBreak = () => resolve(undefined);
      written.then((value) => resolve({ value }), reject);
      if (this.isBroken) resolve(undefined);
    });
  }
}

function describe(error: unknown): string {
  return error instanceof MirrormonError ? error.describe() : describeError(error);
}
