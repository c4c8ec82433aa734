import type { Dice } from './random.ts';
import type { ValueWriter } from './values.ts';

/** JSON text of random records in the layouts that mirrormon knows, members in any order and sometimes twice. */

type Members = [string, string][];

const labelNames = [
  ...[
    'client_name',
    'client_hostname',
    'client_user',
    'client_id',
    'session_id',
    'port',
    'target',
    'namespace',
  ],
  ...[
    'target_namespace',
    'session_duration',
    'duration',
    'scale_down',
    'kubernetes.namespace_name',
    'http_filter',
  ],
];
const messages = [
  'Session Start',
  'Session End',
  'Port Steal',
  'Port Mirror',
  'Port Release',
  'Copy Target',
  'other',
];
const instruments = [
  'counter.x',
  'monotonic_counter.y',
  'gauge.z',
  'histogram.',
  'counterx',
  'gaug\u00e9.q',
  'h',
];
const levels = ['INFO', 'DEBUG', 'WARN', 'ERROR', 'TRACE', 'info', 'Debug', 'FATAL', 'ınfo', ''];

export class RecordWriter {
  private readonly dice: Dice;
  private readonly values: ValueWriter;
  private clock = Date.UTC(2024, 1, 28, 23, 59);

  constructor(dice: Dice, values: ValueWriter) {
    this.dice = dice;
    this.values = values;
  }

  record(): string {
    const x = this.dice.next();
    if (x < 0.4) return this.write(this.nested());
    if (x < 0.6) return this.write(this.flattened());
    if (x < 0.85) return this.write(this.event());
    return this.values.object(this.dice.list(6, () => [this.values.text(), this.values.value()]));
  }

  private nested(): Members {
    return [
      ['timestamp', this.timestamp()],
      ['level', this.values.string(this.dice.pick(levels))],
      ['fields', this.dice.chance(0.95) ? this.write(this.fields()) : this.values.value()],
      ['target', this.values.string('operator::session')],
      ...(this.dice.chance(0.2) ? ([['span', this.values.value()]] as Members) : []),
    ];
  }

  /** As `tracing` flattens an event: its own keys may come again among the event's fields. */
  private flattened(): Members {
    const again: Members = [
      ['level', this.dice.chance(0.5) ? this.values.string(this.dice.pick(levels)) : this.values.value()],
      ['timestamp', this.timestamp()],
      ['target', this.values.value()],
      ['fields', this.values.value()],
    ];
    return [
      ['timestamp', this.timestamp()],
      ['level', this.values.string(this.dice.pick(levels))],
      ...this.fields(),
      ...again.filter(() => this.dice.chance(0.2)),
      ['target', this.values.string('operator::session')],
    ];
  }

  private fields(): Members {
    const members: Members = [['message', this.values.string(this.dice.pick(messages))]];
    for (const name of labelNames) if (this.dice.chance(0.4)) members.push([name, this.values.value()]);
    if (this.dice.chance(0.2)) members.push([this.dice.pick(instruments), this.values.number()]);
    return members;
  }

  private event(): Members {
    const numbers: Members = [...Array(this.dice.below(12)).keys()].map((k) => [
      this.dice.pick(['count', 'm1_rate', 'p50', `${k}`, 'min', 'value', 'std_dev', this.values.text()]),
      this.values.number(),
    ]);
    return [
      ['namespace', this.values.string(this.dice.pick(['metrics', 'edge.sessions', 'circuit']))],
      ['source_id', this.values.string('ctrl_client')],
      ['timestamp', this.timestamp()],
      ['metric', this.values.string(this.dice.pick(['ctrl.latency', 'link.rx']))],
      ['metrics', this.dice.chance(0.9) ? this.write(numbers) : this.values.value()],
      ['tags', this.values.value()],
    ];
  }

  /** Members as an object; now and then in another order, with one left out, or one twice. */
  private write(members: Members): string {
    let written = this.dice.chance(0.3) ? this.dice.shuffle(members) : members;
    if (this.dice.chance(0.1)) written = written.filter(() => this.dice.chance(0.7));
    if (this.dice.chance(0.07) && written.length > 0) {
      const again = this.dice.pick(written);
      const value = this.dice.chance(0.5) ? this.values.value() : this.write(this.fields());
      written = [...written, [again[0], value]];
      if (this.dice.chance(0.3)) written.push([again[0], again[1]]);
    }
    return this.values.object(written);
  }

  private timestamp(): string {
    const x = this.dice.next();
    this.clock += this.dice.below(9000);
    const iso = new Date(this.clock).toISOString();
    if (x < 0.5) return this.values.string(iso.replace('Z', `${100 + this.dice.below(900)}Z`));
    if (x < 0.7) return this.secondsAndNanos();
    if (x < 0.75) return this.values.value();
    return this.values.string(this.oddTime(iso.slice(0, 19), iso));
  }

  private secondsAndNanos(): string {
    const members: Members = [
      ['seconds', this.dice.chance(0.9) ? String(1.7e9 + this.dice.below(1e8)) : this.values.value()],
      ['nanos', this.dice.chance(0.9) ? String(this.dice.below(1e9)) : this.values.value()],
    ];
    return this.write(members);
  }

  private oddTime(second: string, iso: string): string {
    return this.dice.pick([
      ...[
        `${second}Z`,
        `${second}.123456789Z`,
        `${second}.1234567890123Z`,
        `${second}.1+02:00`,
        `${second}-05:30`,
      ],
      ...[
        `${second}z`.toLowerCase(),
        `${second.replace('T', ' ')}Z`,
        second,
        `${second}.Z`,
        `${iso}x`,
        `${second}+24:00`,
      ],
      ...[
        '2026-02-29T00:00:00Z',
        '2024-02-29T23:59:60Z',
        '2024-13-01T00:00:00Z',
        '1969-12-31T23:59:59.5Z',
        'bad',
      ],
      ...[
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59.999999999Z',
        '1900-02-29T00:00:00Z',
        '2000-02-29T12:30:00Z',
      ],
      ...[
        `${second}+00:60`,
        `${second}.5é`,
        `${second}+0a:00`,
        ` ${iso}`,
        '2024-04-31T00:00:00Z',
        '2024-00-10T00:00:00Z',
      ],
    ]);
  }
}
