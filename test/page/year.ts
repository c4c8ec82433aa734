import { activityOf } from '../../lib/page/activity.ts';
import { type MetricHistory, type Snapshot, VERSION } from '../../lib/page/snapshot.ts';

export interface YearOptions {
  readonly sessions: number;
  readonly users: number;
  readonly targets: number;
  readonly days: number;
}

/** Numbers in [0, 1) that are the same every time (Lehmer's generator). */
function draws(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Names that must do nothing but appear. */
export const hostileNames = [
  '<img src=x onerror=alert(1)>',
  "=cmd|' /C calc'!A0",
  '\u001b]0;x\u0007bell',
  '\u202egnp.exe',
  'n'.repeat(500),
  '</script><script>alert(2)</script>',
];

const FIRST_DAY = 20_300;

/** What a year of sessions gives, made without the year: working days, hours of work, few users with many sessions. */
export function year({ sessions, users, targets, days }: YearOptions): Snapshot {
  const draw = draws();
  const cells = new Map<number, { sessions: number; seconds: number }>();
  const pairs = new Map<number, number>();
  const starts = new Float64Array(sessions);
  const ends = new Float64Array(sessions);
  for (let k = 0; k < sessions; k++) {
    const user = Math.floor(users * draw() ** 3);
    const target = Math.floor(targets * draw() ** 2);
    const day = FIRST_DAY + Math.floor(days * draw());
    const minute = day * 1440 + 540 + Math.floor(480 * ((draw() + draw()) / 2));
    const seconds = Math.floor(60 + 3000 * draw() ** 2);
    const key = user * targets + target;
    const pair = pairs.get(key) ?? pairs.size;
    pairs.set(key, pair);
    const place = pair * 100_000 + day;
    const cell = cells.get(place) ?? { sessions: 0, seconds: 0 };
    cells.set(place, { sessions: cell.sessions + 1, seconds: cell.seconds + seconds });
    starts[k] = minute * 60_000 + ((k * 7919) % 60_000);
    ends[k] = starts[k]! + 1000 * seconds;
  }
  const places = [...cells.keys()].sort((a, b) => a - b);
  const column = (numbers: readonly number[]): Uint32Array => Uint32Array.from(numbers);
  const keys = [...pairs.keys()];
  return {
    head: {
      version: VERSION,
      title: 'mirrord usage',
      made: (FIRST_DAY + days) * 86_400_000,
      live: false,
      period: { from: FIRST_DAY * 86_400_000, to: (FIRST_DAY + days) * 86_400_000 },
      records: { read: 2 * sessions, rejected: 3, other: 17 },
      sessions: { active: 4, withoutStart: 2, withoutEnd: 5 },
      secondsUnit: 1,
      remainder: { pairs: 12, sessions: 34, seconds: 5678 },
      users: names(users, (k) => `user${k}@corp.example`),
      targets: Array.from({ length: targets }, (_, k) => ({
        name: k < 2 ? hostileNames[k]! : `deployment/svc-${k}`,
        namespace: `team-${k % 23}`,
      })),
      ports: ports(targets, users),
      modules: [
        { module: 'operator_session::session', level: 'INFO', records: 2 * sessions },
        { module: 'operator::license', level: 'ERROR', records: 2 },
        { module: 'kube_runtime', level: 'WARN', records: 31 },
      ],
      metrics: metrics(),
    },
    pairs: {
      user: column(keys.map((key) => Math.floor(key / targets))),
      target: column(keys.map((key) => key % targets)),
    },
    cells: {
      pair: column(places.map((place) => Math.floor(place / 100_000))),
      day: column(places.map((place) => place % 100_000)),
      sessions: column(places.map((place) => cells.get(place)!.sessions)),
      seconds: column(places.map((place) => cells.get(place)!.seconds)),
    },
    activity: activityOf(starts.sort(), ends.sort(), { starts: new Map(), ends: new Map() }),
  };
}

function names(count: number, plain: (k: number) => string): string[] {
  return Array.from({ length: count }, (_, k) =>
    k > 0 && k <= hostileNames.length ? hostileNames[k - 1]! : plain(k),
  );
}

function ports(targets: number, users: number): Snapshot['head']['ports'] {
  return Array.from({ length: 120 }, (_, k) => ({
    port: String(8000 + (k % 40)),
    target: k % targets,
    user: k % users,
    action: k % 3 === 0 ? 'mirror' : 'steal',
    filter: k % 4 === 0 ? '' : `^/api/${k % 7}`,
    sessions: 1 + k,
    first: FIRST_DAY * 86_400_000,
    last: (FIRST_DAY + k) * 86_400_000,
    collisions: k % 5 === 0 ? k : 0,
  }));
}

function metrics(): MetricHistory[] {
  const times = Array.from({ length: 60 }, (_, k) => (FIRST_DAY * 1440 + k) * 60_000);
  const wave = (k: number, scale: number): number => scale * (1 + Math.sin(k / 7));
  return ['ctrl.latency', 'fabric.tx.msgrate', 'edge.sessions'].map((metric, n) => ({
    source: 'ctrl_client',
    metric,
    labels: '',
    type: n === 2 ? 'intValue' : 'timer',
    times,
    keys:
      n === 2
        ? { value: times.map((_, k) => (k === 9 ? null : Math.round(wave(k, 10)))) }
        : {
            count: times.map((_, k) => k * 10),
            m1_rate: times.map((_, k) => wave(k, 0.5)),
            m5_rate: times.map((_, k) => wave(k, 0.4)),
            p50: times.map((_, k) => wave(k, 1e6)),
            p95: times.map((_, k) => wave(k, 3e6)),
          },
  }));
}
