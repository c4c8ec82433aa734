import t from 'tap';
import { factsOf } from '../../../../lib/handlers/stdout/summary/facts.ts';
import { Focus } from '../../../../lib/handlers/stdout/summary/focus.ts';
import { summaryLines } from '../../../../lib/handlers/stdout/summary/summary-lines.ts';
import { Ledger } from '../../../../lib/ledger.ts';
import { widthOf } from '../../../../lib/text/display.ts';
import { paintOf } from '../../../../lib/text/paint.ts';
import { metricEvent } from '../../../helpers/batches.ts';
import { logRecord, usageOf } from '../../../usage/support.ts';

type JsonObject = Record<string, unknown>;

function summary(
  records: readonly JsonObject[],
  columns: number,
  rows: number,
  color = false,
  top?: number,
): string[] {
  const ledger = new Ledger();
  ledger.read.records = records.length;
  const facts = factsOf(usageOf(records, 1000), ledger, 3_600_000, { sort: 'sessions' });
  return summaryLines(facts, { columns, rows }, paintOf(color), top);
}

/** Sessions of so many users, of which the first has most. */
function sessions(users: number, name = (k: number) => `user${k}@corp.example`): JsonObject[] {
  return Array.from({ length: users + 20 }, (_, k) => {
    const who = {
      client_user: name(k < users ? k : 0),
      session_id: `s${k}`,
      target: `deployment/shop-${k % 7}`,
    };
    return [
      logRecord('Session Start', k, who),
      logRecord('Port Steal', k + 1, { ...who, port: 8080 }),
      logRecord('Session End', k + 61, { ...who, session_duration: 60 }),
    ];
  }).flat();
}

const noise = [
  logRecord('lost', 1, {}, { level: 'ERROR', target: 'operator::agent' }),
  logRecord('slow', 2, {}, { level: 'WARN', target: 'kube_runtime::watcher' }),
];

t.test('at most a screen, whatever there is, and no line is wider', async (t) => {
  for (const users of [5, 200, 5000]) {
    const records = [...sessions(users), ...noise];
    for (const [columns, rows] of [
      [80, 21],
      [120, 27],
      [200, 47],
    ] as const) {
      const lines = summary(records, columns, rows);
      t.ok(lines.length <= rows, `${users} users: ${lines.length} of ${rows} lines`);
      for (const line of lines) if (widthOf(line) > columns) t.fail(`${columns}: ${line}`);
      const text = lines.join('\n');
      t.match(
        text,
        new RegExp(
          `${(users + 20).toLocaleString('en')} sessions · ${users.toLocaleString('en')} users · 7 targets`,
        ),
      );
      t.match(text, /user0@corp\.example.* 21 /, 'who used it most stands first');
      t.match(text, /operator::agent +1\b/);
      t.match(text, /8080 +deployment\/shop-/);
    }
  }
});

t.test('names that differ in the middle stay different, and do nothing', async (t) => {
  const long = sessions(5, (k) => `${'a'.repeat(250)}${k}${'b'.repeat(250)}`);
  const rows = summary(long, 80, 30).filter((line) => /^…?a/.test(line));
  t.equal(new Set(rows.map((line) => line.split(' ')[0])).size, rows.length);
  t.ok(rows.length >= 4);
  const hostile = ['<img src=x onerror=alert(1)>', '\u001b]0;x\u0007', 'x\u202ey', '\u009b31m', 'n\nm'];
  const text = summary(
    sessions(5, (k) => hostile[k]!),
    120,
    30,
  ).join('\n');
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  t.ok(text.includes('<img src=x onerror=alert(1)>') && text.includes('\\x1b]0;x\\x07'));
});

t.test('colour means something, and there is none where it is not wanted', async (t) => {
  const records = [...sessions(3), ...noise];
  t.notMatch(summary(records, 80, 24).join(''), /\x1b/);
  const painted = summary(records, 80, 24, true);
  t.match(
    painted.find((line) => line.startsWith('operator::agent')),
    /\x1b\[31m +1\x1b\[39m/,
  );
  t.same(
    painted.map((line) => line.replace(/\x1b\[\d+m/g, '').trimEnd()),
    summary(records, 80, 24),
  );
});

t.test('what is missing is told, and an input without anything of ours', async (t) => {
  const lost = [
    logRecord('Session End', 10, { session_id: 'a', session_duration: 5 }),
    logRecord('Session Start', 0, { session_id: 'b' }),
    logRecord('x', 7200),
  ];
  t.match(summary(lost, 80, 24).join('\n'), /1 session without a start · 1 session without an end/);
  t.match(summary([logRecord('x', 1)], 80, 24).join('\n'), /no session, no warning, no metrics event/);
  t.same(summary([], 80, 24), ['nothing was read']);
});

t.test('sources and metrics of OpenZiti with their newest values', async (t) => {
  const at = (seconds: number) => ({ timestamp: { seconds: 1654625684 + seconds, nanos: 0 } });
  const text = summary(
    [
      metricEvent('pool.size', { value: 7 }, at(10)),
      metricEvent('pool.size', { value: 3 }, at(0)),
      metricEvent(
        'link.latency',
        { p50: 2e6, p95: 5e6, max: 9e6 },
        { metric_type: 'histogram', source_entity_id: 'e1' },
      ),
      metricEvent('link.rx.msgsize', { p50: 2e6, p95: 5e6, max: 9e6 }, { metric_type: 'histogram' }),
      metricEvent('services.list', { p50: 2e6, p95: 5e6, max: 9e6 }, { metric_type: 'timer' }),
      metricEvent('mirrord_sessions_duration', { p50: 65, p95: 5000, max: 9000 }, { metric_type: 'timer' }),
    ],
    120,
    24,
  ).join('\n');
  t.match(text, /1 source · 5 metrics · 6 metrics events/);
  t.match(text, /ctrl_client +pool\.size +intValue +7 +2\b/);
  t.match(text, /link\.latency +e1 +histogram +p50 2ms {2}p95 5ms {2}max 9ms/);
  const few = summary(
    Array.from({ length: 12 }, (_, k) => metricEvent(`pool.size_${k}`, { value: k }, at(0))),
    120,
    12,
  );
  t.match(
    few.find((line) => line.startsWith('SOURCES')),
    /^SOURCES \(12 series\)/,
    'rows are series, not sources',
  );
  t.match(text, /link\.rx\.msgsize +histogram +p50 2,000,000 {2}p95 5,000,000/, 'no time');
  t.match(text, /services\.list +timer +p50 2ms {2}p95 5ms/);
  t.match(text, /mirrord_sessions_duration +timer +p50 1m05s {2}p95 1h23m/, 'ours are in seconds');
});

t.test('--top: so many rows of each section, though there is room for more', async (t) => {
  const lines = summary([...sessions(30), ...noise], 100, 60, false, 3);
  t.equal(lines.filter((line) => line.includes('@corp.example')).length, 3);
  t.match(
    lines.find((line) => line.startsWith('USERS')),
    'USERS (30)',
  );
});

t.test('a section alone has the screen, all of its rows can be gone through', async (t) => {
  const ledger = new Ledger();
  const usage = usageOf(sessions(300), 1000);
  const focus = new Focus();
  const screen = () =>
    summaryLines(
      factsOf(usage, ledger, 3_600_000, { sort: 'sessions', inFull: true }),
      { columns: 80, rows: 22 },
      paintOf(false),
      3,
      focus,
    );
  ledger.read.records = 1;
  screen();
  focus.press('tab');
  const names = new Set<string>();
  const places = new Set<number>();
  for (let page = 0; page < 40; page++) {
    const lines = screen();
    t.ok(lines.length <= 22, 'at most a screen');
    for (const line of lines) if (line.startsWith('user')) names.add(line.split(' ')[0]!);
    if (page === 0) t.ok(lines.some((line) => /^USERS \(1 to 1\d of 300\)/.test(line)));
    places.add(lines.find((line) => line.startsWith('USERS'))!.indexOf('SESSIONS'));
    focus.press('page down');
  }
  t.equal(places.size, 1, 'columns stay where they are');
  t.equal(names.size, 300, 'beyond what --top and a screen show');
  t.match(screen().join('\n'), /^USERS \(28\d to 300 of 300\)/m);
});

t.test('series by their metrics', async (t) => {
  const ledger = new Ledger();
  const of = (source: string, metric: string) => metricEvent(metric, { value: 1 }, { source_id: source });
  const usage = usageOf([of('a', 'y'), of('b', 'x'), of('a', 'x')], 1000);
  const series = (byMetric: boolean) =>
    factsOf(usage, ledger, 0, { sort: 'sessions', byMetric }).series.map(
      ({ source, metric }) => source + metric,
    );
  t.same(series(false), ['ax', 'ay', 'bx']);
  t.same(series(true), ['ax', 'bx', 'ay']);
});
