import { createHash } from 'node:crypto';
import type { TraceContext, TraceParent } from '../tracing/trace-context.ts';

/** Who uses what, as the functional messages name it. */
export const partyFields = [
  'target',
  'target_type',
  'target_name',
  'target_namespace',
  'client_hostname',
  'client_name',
  'client_user',
  'client_id',
  'client_cli_version',
] as const;

export type Party = Partial<Record<(typeof partyFields)[number], string>>;

/** The span that stands for a session, and that its records stand in. */
export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** A port taken or given back, or a target copied. */
export interface SessionEvent {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
  /** The record's JSON. */
  readonly record: string;
}

/** What the records of one session say together. A Flow's rows of kind `session` are these. */
export interface Session {
  readonly id: string;
  readonly party: Party;
  /**
   * Milliseconds since the epoch. Where the start is missing: as its end tells by the duration, or when the session was
   * first heard of.
   */
  readonly start: number;
  readonly startMissing: boolean;
  /** Milliseconds since the epoch; of a session that has not ended: when it was last heard of. */
  end: number;
  /** unfinished: the input ended first. given-up: it was open for too long, so its end was probably never written. */
  ending: 'ended' | 'unfinished' | 'given-up';
  readonly span: SpanRef;
  readonly context: TraceContext;
  /** The JSON of the record that began it here, and of its end. */
  readonly record: string;
  endRecord: string | undefined;
  readonly events: SessionEvent[];
  /** Events beyond those that are kept. */
  droppedEvents: number;
  /** Of a session that had a record of level ERROR: what it says. */
  failure: string | undefined;
}

/**
 * The ids of a session's span: by what tells the session apart, so that the same log gives the same span however often
 * it is exported. The trace is the client's if it propagates one.
 */
export function spanRefOf(seed: number, id: string, start: number, parent: TraceParent | undefined): SpanRef {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, 'session', id, start]))
    .digest('hex');
  return {
    traceId: parent?.traceId ?? digest.slice(0, 32),
    spanId: digest.slice(32, 48),
    traceFlags: parent?.traceFlags ?? 1,
  };
}
