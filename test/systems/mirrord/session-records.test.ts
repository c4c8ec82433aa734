import t from 'tap';
import type { Batch } from '../../../lib/batch/batch.ts';
import type { Session } from '../../../lib/systems/session.ts';
import { logRecord, workshop } from '../../helpers/batches.ts';

const START = Date.UTC(2024, 3, 1);
const at = (seconds: number) => ({ timestamp: new Date(START + seconds * 1000).toISOString() });
const ann = { client_id: 'c1', client_user: 'ann@corp', target: 'deployment/web' };
const bob = { client_id: 'c2', client_user: 'bob@corp', target: 'deployment/web' };

/** A log of objects, observed as the aggregate stage does. */
function sessionsOf(sessionMaxAge = 0) {
  const { batch, systems } = workshop({ sessions: true, sessionMaxAge });
  const { open } = systems[0]!;
  let now = 0;
  const observe = (...records: Record<string, unknown>[]): Batch => {
    const made = batch(records);
    const clock = made.time.map((time) => {
      now = Math.max(now, time);
      return now;
    });
    const rows = [...made.kind.keys()].filter((row) => open.observedKinds.has(made.kind[row]!));
    open.observe!(made, Uint32Array.from(rows), clock);
    return made;
  };
  const take = () => open.compounds!.take() as unknown as Session[];
  return {
    observe,
    take,
    /** The log has ended. */
    rest(): Session[] {
      open.compounds!.finish();
      return take();
    },
    spanOf: (made: Batch, row: number) => open.spanOf!(made, row)?.spanId,
    advance: (seconds: number) => open.advance!(START + seconds * 1000),
  };
}

const event = (message: string, id: unknown, seconds: number, fields: Record<string, unknown> = ann) =>
  logRecord(message, { ...fields, session_id: id }, at(seconds));

const seconds = (ms: number): number => (ms - START) / 1000;

/** What matters of a session, short. */
const brief = (session: Session) => ({
  id: session.id,
  from: seconds(session.start),
  to: seconds(session.end),
  ending: session.ending,
  startMissing: session.startMissing,
  events: session.events.map(({ message, time }) => `${message} ${seconds(time)}`),
});

t.test('start, ports and end make a session', async (t) => {
  const { observe, take, rest } = sessionsOf();
  observe(
    event('Session Start', 'a', 1),
    event('Session Start', 7, 2, bob),
    event('Port Steal', 'a', 3, { ...ann, port: 80, http_filter: 'x: y' }),
    event('Port Mirror', 7, 4, { ...bob, port: 81 }),
    event('Port Release', 'a', 5, { ...ann, port: 80 }),
    event('Session End', 'a', 11, { ...ann, session_duration: 10 }),
  );
  const [session, ...others] = take();
  t.same(others, []);
  t.same(brief(session!), {
    id: 'a',
    from: 1,
    to: 11,
    ending: 'ended',
    startMissing: false,
    events: ['Port Steal 3', 'Port Release 5'],
  });
  t.same(session!.party, ann);
  t.match(JSON.parse(session!.events[0]!.record), { fields: { port: 80, http_filter: 'x: y' } });
  t.match(JSON.parse(session!.endRecord!), { fields: { session_duration: 10 } });
  t.same(take(), [], 'each is given once');
  t.same(rest().map(brief), [
    { id: '7', from: 2, to: 4, ending: 'unfinished', startMissing: false, events: ['Port Mirror 4'] },
  ]);
});

t.test('a start that is missing', async (t) => {
  const { observe, take } = sessionsOf();
  observe(event('Session End', 'a', 100, { ...ann, session_duration: '40' }));
  observe(
    event('Port Steal', 'b', 100),
    event('Session End', 'b', 110, { ...ann, session_duration: 60 }),
    event('Session End', 'c', 120, ann),
    event('Session End', 'd', 130, { ...ann, session_duration: -9 }),
  );
  t.same(take().map(brief), [
    { id: 'a', from: 60, to: 100, ending: 'ended', startMissing: true, events: [] },
    { id: 'b', from: 50, to: 110, ending: 'ended', startMissing: true, events: ['Port Steal 100'] },
    { id: 'c', from: 120, to: 120, ending: 'ended', startMissing: true, events: [] },
    { id: 'd', from: 130, to: 130, ending: 'ended', startMissing: true, events: [] },
  ]);
});

t.test('records that come late make no session of their own', async (t) => {
  const { observe, take, rest, spanOf } = sessionsOf();
  const made = observe(
    event('Session Start', 'a', 1),
    event('Session End', 'a', 2, { ...ann, session_duration: 1 }),
    event('Port Release', 'a', 2),
    event('Session End', 'a', 2, { ...ann, session_duration: 1 }),
    logRecord('session is gone', { session_id: 'a' }, at(3)),
  );
  t.equal(take().length, 1);
  t.same(rest(), []);
  t.equal(new Set([0, 1, 2, 3, 4].map((row) => spanOf(made, row))).size, 1, 'but they belong to its span');
});

t.test('a start that is read twice is one; an id that is used again is another session', async (t) => {
  const { observe, take, rest } = sessionsOf();
  observe(event('Session Start', 'a', 1), event('Session Start', 'a', 1));
  t.same(take(), []);
  observe(event('Session Start', 'a', 50));
  t.match(take().map(brief), [{ id: 'a', from: 1, ending: 'given-up' }]);
  const [second] = rest();
  t.match(brief(second!), { id: 'a', from: 50, ending: 'unfinished' });
});

t.test('a session that never ends is given up by its age', async (t) => {
  const { observe, take, advance } = sessionsOf(60_000);
  observe(event('Session Start', 'a', 0), event('Port Steal', 'a', 10), event('Session Start', 'b', 30, bob));
  advance(420);
  t.same(take(), []);
  advance(421);
  t.same(take().map(brief), [
    { id: 'a', from: 0, to: 10, ending: 'given-up', startMissing: false, events: ['Port Steal 10'] },
  ]);
  observe(logRecord('anything', {}, at(451)));
  t.match(take().map(brief), [{ id: 'b', ending: 'given-up' }]);
});

t.test('an end that comes later than the greatest age gives the true times, once', async (t) => {
  const { observe, take, rest, spanOf } = sessionsOf(60_000);
  const begun = observe(event('Session Start', 'a', 0), event('Session Start', 'b', 1, bob));
  observe(logRecord('anything', {}, at(100)), event('Port Steal', 'a', 200));
  t.same(take(), [], 'nothing is written that could not be taken back');
  const over = observe(event('Session End', 'a', 300, { ...ann, session_duration: 300 }));
  t.same(take().map(brief), [
    { id: 'a', from: 0, to: 300, ending: 'ended', startMissing: false, events: ['Port Steal 200'] },
  ]);
  t.equal(spanOf(over, 0), spanOf(begun, 0));
  observe(event('Session Start', 'c', 300));
  t.same(
    rest().map((session) => [session.id, session.ending]),
    [
      ['b', 'given-up'],
      ['c', 'unfinished'],
    ],
  );
});

t.test('a copied target belongs to the client’s session on it, or to the one that comes', async (t) => {
  const { observe, rest } = sessionsOf();
  const copy = (client: Record<string, unknown>, seconds: number) =>
    logRecord('Copy Target', { ...client, scale_down: true }, at(seconds));
  const onCopy = { ...bob, target: 'pod/mirrord-copy-job-1' };
  observe(
    event('Session Start', 'other', 0, { ...ann, target: 'deployment/other' }),
    event('Session Start', 'old', 1),
    event('Session Start', 'new', 2),
    copy(ann, 3),
    copy(bob, 4),
    event('Session Start', 'no copy', 5, bob),
    event('Session Start', 'a copy', 6, onCopy),
    event('Session Start', 'second', 7, onCopy),
    copy({ ...bob, target: 'deployment/elsewhere' }, 8),
  );
  const events = Object.fromEntries(
    rest().map(({ id, events }) => [id, events.map(({ time }) => seconds(time))]),
  );
  t.same(events, { other: [], old: [], new: [3], 'no copy': [], 'a copy': [4], second: [8] });
});

t.test('the span of a session depends on nothing but the session', async (t) => {
  const spans = (...records: Record<string, unknown>[]) => {
    const { observe, rest } = sessionsOf();
    observe(...records);
    return new Map(rest().map(({ id, span }) => [id, span]));
  };
  const a = event('Session Start', 'a', 1);
  const alone = spans(a).get('a')!;
  const among = spans(event('Session Start', 'b', 0), a, event('Port Steal', 'a', 2));
  t.same(among.get('a'), alone);
  t.match(alone, { traceId: /^[0-9a-f]{32}$/, spanId: /^[0-9a-f]{16}$/, traceFlags: 1 });
  t.notSame(spans(event('Session Start', 'a', 2)).get('a'), alone, 'another start, another session');
  const client = '0af7651916cd43dd8448eb211c80319c';
  const child = spans(
    event('Session Start', 'a', 1, { ...ann, traceparent: `00-${client}-b7ad6b7169203331-00` }),
  ).get('a')!;
  t.same(child, { ...alone, traceId: client, traceFlags: 0 }, 'in the client’s trace');
});

t.test('records know the session that they belong to', async (t) => {
  const { observe, rest, spanOf } = sessionsOf();
  const started = observe(event('Session Start', 'a', 1), event('Session Start', 'b', 1, bob));
  const [a, b] = [spanOf(started, 0), spanOf(started, 1)];
  t.not(a, b);
  const made = observe(
    logRecord('by its field', { session_id: 'b' }, at(2)),
    logRecord('by its span', {}, { ...at(2), span: { name: 'session', session_id: 'a' } }),
    logRecord(
      'by a span around',
      {},
      {
        ...at(2),
        span: { name: 'port' },
        spans: [{ name: 'session', session_id: 'b' }, { name: 'port' }],
      },
    ),
    logRecord('of nobody', {}, at(2)),
    logRecord('of one that nobody knows', { session_id: 'c' }, at(2)),
    { ...logRecord('failed', { session_id: 'a', error: 'no agent' }, at(3)), level: 'ERROR' },
  );
  t.same(
    [0, 1, 2, 3, 4, 5].map((row) => spanOf(made, row)),
    [b, a, b, undefined, undefined, a],
  );
  t.same(
    rest().map(({ id, failure }) => [id, failure]),
    [
      ['a', 'no agent'],
      ['b', undefined],
    ],
  );
});

t.test('the events that are kept are bounded', async (t) => {
  const { observe, rest } = sessionsOf();
  observe(
    event('Session Start', 'a', 0),
    ...Array.from({ length: 1003 }, (_, k) => event('Port Steal', 'a', k)),
  );
  const [session] = rest();
  t.equal(session!.events.length, 1000);
  t.equal(session!.droppedEvents, 3);
});
