import type { Batch, RowList } from '../../batch/batch.ts';
import { type Kinds, OTHER } from '../../batch/kinds.ts';
import { PerTable, type Symbols } from '../../batch/symbols.ts';
import type { Wants } from '../../batch/wants.ts';
import { instrumentPrefixes, measuredRecords, measurementPlaces } from '../../tracing/metric-fields.ts';
import { logField } from '../../tracing/record-fields.ts';
import type { Session } from '../session.ts';
import type { ComputedGauge, OpenSystem, System, SystemOptions } from '../system.ts';
import { mirrordCatalogue } from './catalogue.ts';
import type { SessionRecordsState } from './session-records.ts';
import { SessionTracker } from './session-tracker.ts';
import { Sessions } from './sessions.ts';

/** The Operator's functional messages and the kind of each. */
const functionalMessages: Readonly<Record<string, string>> = {
  'Session Start': 'session-start',
  'Session End': 'session-end',
  'Port Steal': 'port-steal',
  'Port Mirror': 'port-mirror',
  'Port Release': 'port-release',
  'Copy Target': 'copy-target',
  'Loaded license!': 'license',
};

export const mirrord: System = {
  name: 'mirrord',
  catalogue: mirrordCatalogue,

  open(wants: Wants, kinds: Kinds, options: Partial<SystemOptions> = {}): OpenSystem {
    const { seed = 1, sessionMaxAge: maxAge = 0, maxSessions: limit } = options;
    const { onSessionGivenUp: onGivenUp = () => {} } = options;
    const message = logField(wants, 'message');
    const sessionId = logField(wants, 'session_id');
    const family = wants.keysBeginning(measurementPlaces, instrumentPrefixes);
    const byMessage = new Map(
      Object.entries(functionalMessages).map(([text, kind]) => [text, kinds.define(kind, 'log').id]),
    );
    const measurement = kinds.define('measurement', 'log').id;
    const log = kinds.define('log', 'log').id;
    const start = kinds.define('session-start', 'log').id;
    const end = kinds.define('session-end', 'log').id;
    const functional = new PerTable<Symbols, number[]>(() => []);
    wants.kindRule = { field: message, kinds: byMessage, family, familyKind: measurement, ordinary: log };
    const session = kinds.define('session', 'span').id;
    const sessions = new Sessions({ limit, maxAge, onGivenUp, onFull: options.onSessionsFull });
    const tracker = options.sessions ? new SessionTracker(wants, kinds, seed, { limit, maxAge }) : undefined;

    return {
      classify(batch: Batch, rows: RowList): void {
        const { kind, level, symbols } = batch;
        const ids = batch.column(message).idsOf(rows);
        const known = functional.of(symbols);
        for (let k = 0; k < rows.length; k++) {
          const row = rows[k]!;
          const id = ids[k]!;
          if (id === 0 && level[row] === 0) continue;
          let found = known[id];
          if (found === undefined) {
            found = byMessage.get(symbols.text(id)) ?? OTHER;
            known[id] = found;
          }
          if (found === OTHER) found = batch.has(family, row) ? measurement : log;
          kind[row] = found;
        }
      },
      measured: measuredRecords(measurement, wants),
      observedKinds: tracker?.kinds ?? new Set([start, end]),
      observe(batch: Batch, rows: Uint32Array, clock: Float64Array): void {
        if (tracker !== undefined) for (const row of rows) tracker.observe(batch, row, clock[row]!);
        if (rows.length > 0) sessions.advance(clock[rows[rows.length - 1]!]!);
        if (batch.measurer !== undefined) return;
        const { kind, time } = batch;
        const ids = batch.column(sessionId).hashesOf(rows);
        for (let k = 0; k < rows.length; k++) {
          const row = rows[k]!;
          const low = ids[2 * k]!;
          const high = ids[2 * k + 1]!;
          if (low === 0 && high === 0) continue;
          const now = clock[row]!;
          // a record with a clock of its own is of now
          if (kind[row] === start) sessions.count(low, high, 1, time[row]! < now ? time[row]! : now);
          else if (kind[row] === end) sessions.count(low, high, -1, Number.NEGATIVE_INFINITY);
        }
      },
      sessions: {
        starts: [start],
        ends: [end],
        id: sessionId,
        see: () => sessions.see(),
        take: (low, high, net, since) => sessions.count(low, high, net, since),
      },
      counted: {
        name: 'mirrord',
        state: () => sessions.state(),
        merge: (state) => sessions.merge(state),
        begin: () => sessions.begin(),
      },
      advance(now: number): void {
        sessions.advance(now);
        tracker?.advance(now);
      },
      compounds: tracker && {
        kind: session,
        take: () => tracker.take() as unknown as Record<string, unknown>[],
        timeOf: (item) => (item as unknown as Session).end,
        finish: () => tracker.finish(),
        state: () => tracker.state(),
        resume: (state) => tracker.resume(state as SessionRecordsState),
      },
      spanOf: (batch, row) => tracker?.spanOf(batch, row),
      gauges: [activeSessions(sessions)],
    };
  },
};

function activeSessions(sessions: Sessions): ComputedGauge {
  return {
    definition: {
      name: 'mirrormon_sessions_active',
      type: 'gauge',
      help: 'Sessions that have started and not ended.',
      labels: [],
    },
    read: () => sessions.active,
  };
}
