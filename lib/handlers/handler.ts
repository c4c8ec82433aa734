import type { Batch, Flow, Picks } from '../batch/batch.ts';
import type { Config, HandlerConfig } from '../config.ts';
import type { Ledger } from '../ledger.ts';
import type { MetricFamily } from '../metrics/family.ts';
import type { SpanRef } from '../systems/session.ts';
import type { Usage } from '../usage/index.ts';
import type { ReadWebConfig } from './prometheus/web-config.ts';

/** What a sink may need of the run it belongs to. */
export interface HandlerContext {
  readonly config: Config;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A warning for standard error, said once per distinct text. */
  warn(message: string): void;
  /** News that may be said again: an outage begins, or is over. */
  tell(message: string): void;
  /** Whether the run goes on with the clock, so that a source must not be kept waiting. */
  isLive(): boolean;
  /** What is no warning, but worth knowing, for standard error. */
  readonly note?: ((message: string) => void) | undefined;
  /** How the run fares. */
  readonly condition?: (() => RunCondition) | undefined;
  /** Reads a web configuration file of Prometheus' exporter-toolkit. */
  readonly readWebConfig?: ReadWebConfig | undefined;
  /** source_event_id of a report's events for the subscription; the same for the whole report (one time). */
  eventId(handler: string, subscription: number, time: number): string;
  /** The span of the session that a record belongs to, where sessions are followed (traces are exported). */
  readonly spanOf?: ((batch: Batch, row: number) => SpanRef | undefined) | undefined;
  /** The figures measured so far, for handlers that are read (prometheus). */
  readonly figures: () => Iterable<MetricFamily>;
  /** Who used what, where a handler shows it. */
  readonly usage?: Usage | undefined;
  /** Where every record went so far. */
  readonly ledger?: Ledger | undefined;
}

/** How a run fares, in lines for whoever asks the endpoint. */
export interface RunCondition {
  /** What will not get well again: a handler that failed for good. */
  readonly faults: readonly string[];
  /** Why nothing can be written yet, or any more. */
  readonly unready: readonly string[];
  /** Handlers that try again: the run waits, or drops, as it was told. */
  readonly waiting: readonly string[];
}

/** Picks that will never be delivered, and why in a word, such as `unencodable`. */
export interface Refused {
  readonly count: number;
  readonly reason: string;
}

/** Bytes delivered; and, where not all could be, how many picks were refused for good. */
export type Written = number | { readonly bytes: number; readonly refused: Refused };

interface AnyHandler {
  readonly name: string;
  readonly type: string;
  /**
   * Called before any input is read. Fails with HANDLER_OPEN if it could never write, with CONFIG_INVALID where what was
   * configured can never be written to.
   */
  open(): Promise<void>;
  /** How far it has written, plain: what `cutBack` understands. On disk by then. */
  position?(): Promise<unknown>;
  /** Called before `open`, where a run goes on from a position: what was written behind it goes. */
  cutBack?(position: unknown): Promise<void>;
  /** The last position is in a state: what only a position before it needs may go. */
  kept?(): Promise<void>;
  /** Opens anew what was opened by its name: someone may have moved it away (SIGHUP). */
  reopen?(): void;
  /** Everything was written: flush and let go. */
  close(): Promise<void>;
}

/**
 * A sink. It is called by its own bounded queue, one call at a time, never concurrently.
 * What was taken by `write` is delivered: the promise resolves only when the sink has it for good (file: in the file).
 * A rejected write with `canRetry` is called again with the same flow and picks, and must go on where it stopped:
 * nothing is lost, nothing doubled. One without is the end of the handler. A sink that takes a part of a selection says
 * in the error's `delivered` how much of it has arrived, all tries together, so that the books are true if it is given
 * up. What cannot be written of a selection (a record that no encoder takes) is refused, and the rest delivered.
 */
export interface Handler extends AnyHandler {
  /** Sync where nothing has to be waited for. */
  write(flow: Flow, picks: Picks): Promise<Written> | Written;
}

/** A part of a selection as a peer takes it: one request, that can wait as bytes for as long as it has to. */
export interface Parcel {
  /** Empty where nothing of the picks can be sent. */
  readonly body: Uint8Array;
  /** Picks that are in the body. */
  readonly count: number;
  /** Bytes of the records in it. */
  readonly bytes: number;
  /** Picks that are not in it, since they cannot be sent. */
  readonly refused: readonly Refused[];
}

/** How parcels that wait behind one another become one request. */
export interface Joining {
  /** Most picks, and bytes of bodies, of one that is joined. */
  readonly count: number;
  readonly bytes: number;
  join(bodies: readonly Uint8Array[]): Uint8Array;
}

/**
 * A sink beyond a network. What it is given is packed at once, so that no batch waits for a peer; parcels are delivered
 * one after the other, or several that wait as one.
 */
export interface ParcelHandler extends AnyHandler {
  /** Absent where each parcel has to go alone. */
  readonly joining?: Joining;
  pack(flow: Flow, picks: Picks): Iterable<Parcel>;
  /**
   * Resolves once the peer has it for good.
   * @throws {MirrormonError} HANDLER_WRITE, with `canRetry` where another try may succeed
   */
  deliver(parcel: Parcel): Promise<Written>;
  /** Ends what is under way: nobody waits for it any more. */
  abort(): void;
}

export type OpenHandler = (config: HandlerConfig, context: HandlerContext) => Handler | ParcelHandler;
