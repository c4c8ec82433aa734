import fc from 'fast-check';
import { logRecord } from './batches.ts';

/** When the records of `operatorRecords` begin; they are of an hour from then on. Milliseconds since the epoch. */
export const EPOCH = Date.UTC(2026, 7, 1);

export type LogRecord = ReturnType<typeof logRecord>;

const users = fc.constantFrom('ann', 'bob', 'zoë', '\u{1f600}', '\uff5e').map((name) => ({
  client_user: `${name}@corp`,
  client_hostname: 'mac',
  client_name: name,
  client_id: name,
}));
const targets = fc
  .constantFrom('web', 'api', 'mirrord-copy-1', 'mirrord-copy-2')
  .map((name) => ({ target_type: 'deployment', target_name: name, target_namespace: 'shop' }));
const durations = fc.oneof(
  fc.constantFrom(0, 1, 10, 60),
  fc.double({ min: 0, max: 1e5, noNaN: true }),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
);
const amounts = fc.oneof(fc.constant(1), fc.nat({ max: 9 }), fc.double({ min: 0, max: 1e9, noNaN: true }));
const values = fc.double({ noNaN: true, noDefaultInfinity: true });
const measured = (key: string, value: fc.Arbitrary<number>): fc.Arbitrary<LogRecord> =>
  value.map((x) => logRecord('measured', { [key]: x }));

/** Records of an Operator that touch every kind of series. */
export const operatorRecords: fc.Arbitrary<LogRecord> = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(users, fc.nat({ max: 30 }))
        .map(([user, session_id]) => logRecord('Session Start', { ...user, session_id })),
      fc
        .tuple(users, targets, durations, fc.nat({ max: 30 }))
        .map(([user, target, session_duration, session_id]) =>
          logRecord('Session End', { ...user, ...target, session_duration, session_id }),
        ),
      fc.constantFrom('Port Steal', 'Port Mirror', 'Port Release').map((message) => logRecord(message)),
      fc.boolean().map((scale_down) => logRecord('Copy Target', { scale_down })),
      fc.constantFrom('DEBUG', 'WARN').map((level) => logRecord('reconciled', {}, { level })),
      measured('monotonic_counter.mirrord_stolen_connections_count', amounts),
      measured('monotonic_counter.bytes', amounts),
      measured('gauge.temperature', values),
      measured('gauge.mirrord_license_valid_seconds', values),
      measured('counter.open_files', values),
      measured('histogram.size', values),
    ),
    fc.oneof(
      fc.nat({ max: 20 }).map((s) => 1000 * s),
      fc.nat({ max: 3_600_000 }),
    ),
  )
  .map(([record, ms]) => ({ ...record, timestamp: new Date(EPOCH + ms).toISOString() }));
