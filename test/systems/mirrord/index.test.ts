import t from 'tap';
import { logRecord, workshop } from '../../helpers/batches.ts';

function kindsOf(...objects: Record<string, unknown>[]): (string | undefined)[] {
  const { batch, kinds } = workshop();
  return Array.from(batch(objects).kind, (id) => kinds.all[id]?.name);
}

t.test('the functional messages are told apart, in either layout', (t) => {
  const names = [
    'Session Start',
    'Session End',
    'Port Steal',
    'Port Mirror',
    'Port Release',
    'Copy Target',
    'Loaded license!',
  ];
  const expected = [
    'session-start',
    'session-end',
    'port-steal',
    'port-mirror',
    'port-release',
    'copy-target',
    'license',
  ];
  t.same(kindsOf(...names.map((name) => logRecord(name))), expected);
  t.same(kindsOf(...names.map((message) => ({ level: 'INFO', message }))), expected);
  t.end();
});

t.test('other records', (t) => {
  t.same(
    kindsOf(
      logRecord('session start'),
      logRecord('x', { 'gauge.free': 1 }),
      { level: 'WARN', message: 'x', 'monotonic_counter.seen': 1 },
      { level: 'WARN' },
      { message: 'no level' },
      { level: 'loud' },
      { fields: { message: 5 } },
      {},
    ),
    ['log', 'measurement', 'measurement', 'log', 'log', 'other', 'log', 'other'],
  );
  t.end();
});

t.test('sessions are open between their start and their end', (t) => {
  const { batch, systems } = workshop();
  const { open } = systems[0]!;
  const rows = [
    logRecord('Session Start', { session_id: 'a' }),
    logRecord('Session Start', { session_id: 7 }),
    logRecord('Session Start', { session_id: 'a' }),
    logRecord('Session Start', {}),
    logRecord('Session End', { session_id: 'a' }),
    logRecord('Session End', { session_id: 'never seen' }),
  ];
  const made = batch(rows);
  const active = rows.map((_, row) => {
    open.observe!(made, Uint32Array.of(row), made.time);
    return open.gauges[0]!.read();
  });
  // of an id starts less ends, so that their order does not matter
  t.same(active, [1, 2, 2, 2, 2, 2]);
  t.end();
});
