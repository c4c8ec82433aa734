import { type Batch, levels, ValueType } from '../../batch/batch.ts';
import type { Kinds } from '../../batch/kinds.ts';
import { recordJson } from '../../batch/record-json.ts';
import type { Field, Wants } from '../../batch/wants.ts';
import { writtenNumber } from '../../batch/written-number.ts';
import { logField } from '../../tracing/record-fields.ts';
import { traceContextOf } from '../../tracing/trace-context.ts';
import { type Party, partyFields, type Session, type SpanRef } from '../session.ts';
import { type SessionRecord, SessionRecords, type SessionRecordsState } from './session-records.ts';
import type { SessionBounds } from './sessions.ts';

const ERROR = levels.indexOf('ERROR');

/** Reads records into sessions, and knows the span of the session that a record belongs to. */
export class SessionTracker {
  /** Any log record may name a session. */
  readonly kinds: ReadonlySet<number>;
  private readonly records: SessionRecords;
  private readonly id: Field;
  private readonly idOfSpan: Field;
  private readonly spans: Field;
  private readonly message: Field;
  private readonly duration: Field;
  private readonly error: Field;
  private readonly party: readonly (readonly [name: (typeof partyFields)[number], field: Field])[];
  private readonly kindNames: readonly string[];
  private readonly links = new WeakMap<Batch, Map<number, SpanRef>>();
  private lastBatch: Batch | undefined;
  private lastRow = 0;

  /** `kinds` must have the log kinds already. */
  constructor(wants: Wants, kinds: Kinds, seed: number, bounds: SessionBounds) {
    this.records = new SessionRecords(seed, bounds);
    this.kinds = new Set(kinds.all.filter(({ stream }) => stream === 'log').map(({ id }) => id));
    this.kindNames = kinds.all.map(({ name }) => name);
    this.id = logField(wants, 'session_id');
    this.idOfSpan = wants.field('session_id of the span', [['span', 'session_id']]);
    this.spans = logField(wants, 'spans');
    this.message = logField(wants, 'message');
    this.duration = logField(wants, 'session_duration');
    this.error = logField(wants, 'error');
    this.party = partyFields.map((name) => [name, logField(wants, name)]);
  }

  /** @param now the event clock's time, milliseconds since the epoch */
  observe(batch: Batch, row: number, now: number): void {
    this.records.advance(now);
    const span = this.follow(batch, row, now);
    if (span !== undefined) this.link(batch, row, span);
  }

  /** The span of the session that a record belongs to; known as soon as the record was observed. */
  spanOf(batch: Batch, row: number): SpanRef | undefined {
    return this.links.get(batch)?.get(row);
  }

  advance(now: number): void {
    this.records.advance(now);
  }

  take(): Session[] {
    return this.records.take();
  }

  finish(): void {
    this.records.finishAll();
  }

  state(): SessionRecordsState {
    return this.records.state();
  }

  resume(state: SessionRecordsState): void {
    this.records.resume(state);
  }

  private follow(batch: Batch, row: number, now: number): SpanRef | undefined {
    const kind = this.kindNames[batch.kind[row]!];
    const id = this.idOf(batch, row);
    if (id === undefined)
      return kind === 'copy-target' ? this.records.copy(this.read(batch, row, now)) : undefined;
    switch (kind) {
      case 'session-start':
        return this.records.start(id, this.read(batch, row, now));
      case 'session-end':
        return this.records.end(
          id,
          this.read(batch, row, now),
          writtenNumber(batch.column(this.duration), row),
        );
      case 'port-steal':
      case 'port-mirror':
      case 'port-release':
      case 'copy-target':
        return this.records.event(id, this.read(batch, row, now));
      default:
        return this.records.mention(
          id,
          batch.level[row] === ERROR ? () => this.failure(batch, row) : undefined,
        );
    }
  }

  /** The session that a record names, itself or by the spans that it stands in. */
  private idOf(batch: Batch, row: number): string | undefined {
    const own = batch.column(this.id).text(row) ?? batch.column(this.idOfSpan).text(row);
    if (own !== undefined || batch.column(this.spans).type(row) !== ValueType.array) return own;
    for (const span of (batch.object(row).spans as unknown[]).toReversed()) {
      const id = (span as { session_id?: unknown } | null)?.session_id;
      if (typeof id === 'string' || Number.isSafeInteger(id)) return String(id);
    }
    return undefined;
  }

  private read(batch: Batch, row: number, now: number): SessionRecord {
    const time = batch.time[row]!;
    return {
      time: Number.isNaN(time) ? now : time,
      message: batch.column(this.message).text(row) ?? '',
      party: () => this.partyOf(batch, row),
      context: () => traceContextOf(batch.object(row)),
      json: () => recordJson(batch, row),
    };
  }

  private partyOf(batch: Batch, row: number): Party {
    const party: Party = {};
    for (const [name, field] of this.party) {
      const text = batch.column(field).text(row);
      if (text !== undefined) party[name] = text;
    }
    return party;
  }

  private failure(batch: Batch, row: number): string {
    return batch.column(this.error).text(row) ?? batch.column(this.message).text(row) ?? '';
  }

  private link(batch: Batch, row: number, span: SpanRef): void {
    let links = this.links.get(batch);
    // a parser may use a batch's object again for the next run of records
    if (links === undefined || (batch === this.lastBatch && row <= this.lastRow)) {
      links = new Map();
      this.links.set(batch, links);
    }
    links.set(row, span);
    this.lastBatch = batch;
    this.lastRow = row;
  }
}
