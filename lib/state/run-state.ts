import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger } from '../ledger.ts';
import type { EventClock, ReportSchedule } from '../metrics/clock.ts';
import { HeldTicks } from '../metrics/held-ticks.ts';
import type { Registry } from '../metrics/registry.ts';
import type { OpenSystem } from '../systems/system.ts';
import type { Usage } from '../usage/index.ts';
import { ByteReader, DamagedBytes } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { addCounted, type Counted, countedBy, countedOf, less } from './ledger-section.ts';
import { beginMetrics, mergeMetrics, writeMetrics } from './metrics-section.ts';
import { readOpen, writeOpen } from './open-section.ts';
import { beginSessions, mergeSessions, writeSessions } from './sessions-section.ts';
import { joinSections, type Sections, sectionOf, splitSections } from './state-parts.ts';
import { readTicks, writeTicks } from './ticks-section.ts';
import { readUsage, writeUsage } from './usage-section.ts';

/** What of a run a state is of. */
export interface Stateful {
  readonly registry: Registry;
  readonly systems: readonly OpenSystem[];
  readonly clock: EventClock;
  readonly schedule: ReportSchedule;
  readonly ledger: Ledger;
  /** Where who used what is kept. */
  readonly usage?: Usage | undefined;
  /** What subscriptions remember of records: see Selector. */
  readonly remembered?: readonly Set<string>[] | undefined;
}

/** Sections that are written in steps, between which others may have their turn. */
type Steps = Generator<void, Map<string, Uint8Array>>;

/** Name of the section of what came since the last report. */
export const RECENT = 'recent';

/** Name of the section of who used what: whoever wants that sees whether a state has it. */
export const USAGE = 'usage';

/**
 * Everything measured of a run, as bytes that other processes understand. States merge: whatever the parts and their
 * order, the state of the whole comes of them, to the last bit but for rates, which agree to 1e-12. Between two records
 * only: nothing may be in the middle of being measured.
 */
export class RunState {
  private readonly of: Stateful;
  /** What of the ledger `take` has given. */
  private given: Counted = {};

  constructor(of: Stateful) {
    this.of = of;
  }

  /** All that was measured so far, but for what `take` gave away: for whoever goes on from it. */
  save(): Buffer {
    const sections = finished(this.all());
    finished(this.recent(sections));
    return joinSections(sections);
  }

  /**
   * What was measured since the last call, which is forgotten here: a delta, for whoever merges all of them. Who used what
   * is not in it.
   */
  take(): Buffer {
    const counted = countedBy(this.of.ledger);
    const sections = finished(this.measured(less(counted, this.given)));
    this.given = counted;
    beginMetrics(this.of.registry);
    beginSessions(this.of.systems);
    return joinSections(sections);
  }

  /**
   * Adds what was measured of other records, which `save` or `take` gave.
   * @throws {DamagedBytes} for anything else; what was merged until then stays
   */
  merge(bytes: Uint8Array): void {
    this.mergeSections(splitSections(bytes), false);
  }

  /** From now on ticks are held until a report needs them, so that the places of checkpoints do not show in rates. */
  holdTicks(): void {
    this.of.registry.planned.held ??= new HeldTicks();
  }

  /** How many ticks are held. */
  get heldTicks(): number {
    this.of.registry.takePartials(false, 'ticks');
    return this.of.registry.planned.held?.size ?? 0;
  }

  foldTicks(): void {
    this.of.registry.planned.foldTicks();
  }

  /** All that was measured so far: what its reports were does not matter to whoever merges it. */
  sections(): Sections {
    return finished(this.all());
  }

  /**
   * What a run goes on from: what waits for records to come is there, too. Others have their turn while it is written, as
   * it may take a second; if one of them moves the run on, it is of no moment and not to be used.
   * @param ahead bytes that were read and will be again
   */
  async goingOn(ahead = 0): Promise<Sections> {
    const sections = await inTurns(this.all(ahead));
    await inTurns(this.recent(sections));
    return sections.set(
      'open',
      sectionBy((to) => writeOpen(to, this.of)),
    );
  }

  /** Where reports are of intervals alone, what the next one is of: when the last one was, and what came since then. */
  private *recent(sections: Map<string, Uint8Array>): Steps {
    const { registry, schedule } = this.of;
    if (registry.reportsIntervals) {
      const to = new ByteWriter();
      to.double(schedule.reported);
      yield* writeMetrics(to, registry, 'recent');
      sections.set(RECENT, to.written);
    }
    return sections;
  }

  private *all(ahead = 0): Steps {
    const { usage, ledger } = this.of;
    const counted = countedBy(ledger);
    const sections = yield* this.measured(ahead === 0 ? counted : less(counted, { read: { bytes: ahead } }));
    if (usage !== undefined)
      sections.set(
        USAGE,
        sectionBy((to) => writeUsage(to, usage.state())),
      );
    return sections;
  }

  private *measured(counted: Counted): Steps {
    const { registry, systems, clock, schedule } = this.of;
    // first, as what is measured elsewhere is taken for it
    const metrics = new ByteWriter();
    yield* writeMetrics(metrics, registry);
    const times = clock.started ? [clock.time, schedule.boundary, clock.oldest] : [];
    return new Map([
      ['ledger', Buffer.from(JSON.stringify(counted))],
      ['clock', sectionBy((to) => to.doubles(times))],
      ['sessions', sectionBy((to) => writeSessions(to, systems))],
      ['metrics', metrics.written],
      ['ticks', sectionBy((to) => writeTicks(to, registry))],
    ]);
  }

  /**
   * @param resumes whether it is the same run that goes on, so that its reports and deliveries count, too
   * @throws {DamagedBytes}
   */
  mergeSections(sections: Sections, resumes: boolean): void {
    const { registry, systems, clock, schedule, ledger, usage } = this.of;
    addCounted(ledger, countedOf(sections), resumes);
    const [time, boundary, oldest = Infinity] = sectionOf(sections, 'clock').doubles();
    if (time !== undefined) {
      clock.advance(time);
      clock.oldest = Math.min(clock.oldest, oldest);
      if (resumes) schedule.aimAt(boundary!);
    }
    const used = sections.get(USAGE);
    if (used !== undefined) {
      const state = readUsage(new ByteReader(used));
      clock.oldest = Math.min(clock.oldest, state.oldest);
      usage?.merge(state);
    }
    mergeSessions(sectionOf(sections, 'sessions'), systems);
    const open = sections.get('open');
    if (resumes && open !== undefined) readOpen(new ByteReader(open), this.of);
    const recent = sections.get(RECENT);
    try {
      mergeMetrics(sectionOf(sections, 'metrics'), registry, { isRecent: recent === undefined });
      if (recent !== undefined) this.mergeRecent(new ByteReader(recent));
      readTicks(sectionOf(sections, 'ticks'), registry);
    } catch (error) {
      // what the mathematics cannot take
      if (error instanceof RangeError) throw new DamagedBytes(error.message);
      throw error;
    }
  }

  private mergeRecent(from: ByteReader): void {
    const { registry, schedule } = this.of;
    schedule.reported = Math.max(schedule.reported, from.double());
    mergeMetrics(from, registry, { which: 'recent' });
  }
}

/** Others have their turn between two steps. */
async function inTurns(steps: Steps): Promise<Map<string, Uint8Array>> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
  }
}

function finished(steps: Steps): Map<string, Uint8Array> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function sectionBy(write: (to: ByteWriter) => void): Uint8Array {
  const to = new ByteWriter();
  write(to);
  return to.written;
}
