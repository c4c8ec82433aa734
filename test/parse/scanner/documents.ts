import type { Dice } from './random.ts';
import { RecordWriter } from './records.ts';
import { ValueWriter } from './values.ts';

/** Random inputs: mostly good records, then all that can go wrong with them and around them. */

const asBytes = (text: string): Buffer => Buffer.from(text, 'utf8');

/** Byte sequences of each class that is no UTF-8, and their valid neighbours. */
const utf8Corners = [
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc2, 0x80],
  [0xdf, 0xbf],
  [0xe0, 0x80, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xe0, 0xa0, 0x80],
  [0xed, 0x9f, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xef, 0xbf, 0xbf],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf0, 0x90, 0x80, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x8f, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0x80],
  [0xbf],
  [0xc3],
  [0xe2, 0x82],
  [0xfe],
  [0xff],
  [0xef, 0xbb, 0xbf],
];

const oddLines = [
  ...[
    '[]',
    '123',
    '"str"',
    'null',
    'true',
    ' false ',
    '{}',
    '{ }',
    '{}{}',
    '{},',
    '[{}]',
    '{"a":1,}',
    '{,}',
    '{"a"}',
  ],
  ...[
    '{"a":}',
    '{"a":1 "b":2}',
    '{"a":1}}',
    '{"fields":{}',
    '{"fields":{"message":"x"}}x',
    'nul',
    '{"a":tru}',
    '-',
    '"',
  ],
  ...[
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":"\t"}',
    "{'a':1}",
    '{"a":[1,2,]}',
    '{"a":[}',
    '{"a":{]}',
    '{"a":"open}',
  ],
  ...[
    '{"a":"\\"}',
    '\\',
    '{"":1}',
    '{"\\u0000":{"":[]}}',
    '{"__proto__":{"level":"INFO"},"constructor":1}',
    '\u0000',
  ],
  ...[
    '{"fields":{"message":"a"},"fields":{"message":"b","port":1}}',
    '{"fields":{"message":"a"},"fields":1}',
  ],
  ...['{"fields":{"message":"a","counter.x":1},"fields":{"message":"b"}}', '{"level":1,"level":"INFO"}'],
  ...[
    '{"fields":{"message":"a"},"message":"b","fields":{}}',
    '{"timestamp":{"seconds":1},"timestamp":{"nanos":5}}',
  ],
  ...[
    '{"f\\u0069elds":{"m\\u0065ssage":"Port \\u0053teal","p\\u006frt":5},"l\\u0065vel":"INF\\u004f"}',
    '\ufeff{}',
  ],
  ...[
    '{"timestamp":{"seconds":"1","nanos":2}}',
    '{"timestamp":{}}',
    '{"timestamp":[]}',
    '{"timestamp":{"a":1}}',
    '1 2',
  ],
  ...[
    '{"timestamp":{"seconds":1e400}}',
    '{"timestamp":{"seconds":123456789012345678901,"nanos":0.1}}',
    '"\\ud800"',
  ],
];

/** What `kubectl logs` may put before a line, and what only looks like it. */
const prefixes = [
  ...['', '', '2024-01-02T03:04:05.678901234Z ', '[pod/op-1/main] 2024-01-02T03:04:05Z ', '[pod/op/main] '],
  ...[
    '2024-01-02T03:04:05+02:00 ',
    '2024-01-02T03:04:05.Z ',
    '2024-01-02T03:04:05.1-00:30 ',
    '[pod/op/main]',
    '[pod/x ',
  ],
  ...[
    '2024-01-02T03:04:05Z',
    '[pod/op/main] 2024-01-02T03:04:05Z',
    '2024-1-02T03:04:05Z ',
    ' 2024-01-02T03:04:05Z ',
  ],
  ...[
    `[pod/${'p'.repeat(480)}] 2024-01-02T03:04:05Z `,
    `[pod/${'p'.repeat(600)}] `,
    `2024-01-02T03:04:05.${'9'.repeat(500)}Z `,
  ],
];

export interface DocumentOptions {
  readonly kubectl: boolean;
  readonly maxRecordBytes: number;
}

export class DocumentWriter {
  private readonly dice: Dice;
  private readonly options: DocumentOptions;
  private readonly values: ValueWriter;
  private readonly records: RecordWriter;

  constructor(dice: Dice, options: DocumentOptions) {
    this.dice = dice;
    this.options = options;
    this.values = new ValueWriter(dice);
    this.records = new RecordWriter(dice, this.values);
  }

  document(): Buffer {
    const { dice } = this;
    const parts: Buffer[] = dice.chance(0.1) ? [Buffer.from([0xef, 0xbb, 0xbf])] : [];
    const lines = dice.chance(0.03) ? 5000 : 1 + dice.below(dice.pick([3, 20, 60]));
    const calm = dice.chance(0.3);
    const short = lines === 5000;
    for (let k = 0; k < lines; k++) {
      if (this.options.kubectl) parts.push(asBytes(dice.pick(prefixes)));
      parts.push(short ? this.shortLine() : calm ? asBytes(this.records.record()) : this.line());
      if (k < lines - 1 || dice.chance(0.7)) parts.push(this.lineEnd());
    }
    const bytes = Buffer.concat(parts);
    return dice.chance(0.1) ? this.mutate(bytes) : bytes;
  }

  private lineEnd(): Buffer {
    return asBytes(
      this.dice.chance(0.85) ? '\n' : this.dice.pick(['\r\n', '\r\r\n', '\n\n', '\n \t\r\n', ' \n']),
    );
  }

  private shortLine(): Buffer {
    return asBytes(
      this.dice.pick(['{}', '{"level":"INFO"}', '', '1', '{"a":', '{"message":"x","level":"WARN"}']),
    );
  }

  private line(): Buffer {
    const { dice } = this;
    const x = dice.next();
    if (x < 0.62) return asBytes(`${this.values.space()}${this.records.record()}${this.values.space()}`);
    if (x < 0.72) return this.mutate(asBytes(this.records.record()));
    if (x < 0.82) return asBytes(dice.pick(oddLines));
    if (x < 0.86) return this.cornerOfUtf8();
    if (x < 0.9) return asBytes(this.deep());
    if (x < 0.93) return this.aroundTheLimit();
    if (x < 0.96) return asBytes(dice.pick(['', ' ', '\t\r ', '\r', '\u000b']));
    return Buffer.from(dice.list(30, () => dice.below(256)));
  }

  /** Bytes flipped, left out, doubled, cut off or replaced by those of another place. */
  private mutate(bytes: Buffer): Buffer {
    const { dice } = this;
    let result = bytes;
    for (let k = 1 + dice.below(3); k > 0 && result.length > 0; k--) {
      const at = dice.below(result.length);
      const size = 1 + dice.below(dice.pick([1, 4, 30]));
      const before = result.subarray(0, at);
      const behind = result.subarray(at + size);
      const piece = result.subarray(at, at + size);
      const other = dice.below(result.length);
      const choices = [
        () =>
          Buffer.concat([before, Buffer.from([result[at]! ^ (1 << dice.below(8))]), result.subarray(at + 1)]),
        () => Buffer.concat([before, Buffer.from([dice.below(256)]), result.subarray(at + 1)]),
        () =>
          Buffer.concat([
            before,
            Buffer.from(dice.pick(['"', '\\', '{', '}', '[', ']', ',', ':', '\n', ' ', '0'])),
          ]),
        () =>
          Buffer.concat([
            before,
            Buffer.from(dice.pick(['"', '\\', '{', '}', '[', ']', ',', ':', ' '])),
            piece,
            behind,
          ]),
        () => Buffer.concat([before, behind]),
        () => Buffer.concat([before, piece, piece, behind]),
        () => Buffer.from(before),
        () => Buffer.concat([before, result.subarray(other, other + size), behind]),
      ];
      result = dice.pick(choices)();
    }
    return result;
  }

  private cornerOfUtf8(): Buffer {
    const corner = Buffer.from(this.dice.pick(utf8Corners));
    const padding = 'p'.repeat(this.dice.below(40));
    const place = this.dice.below(4);
    const around: [string, string] = [
      [`{"fields":{"message":"${padding}`, '","port":80}}'],
      [`{"fields":{"${padding}`, '":1,"port":80}}'],
      [`{"a":["${padding}`, '"],"level":"INFO"}'],
      [`{"level":"INFO"}${' '.repeat(padding.length)}`, ''],
    ][place] as [string, string];
    return Buffer.concat([asBytes(around[0]), corner, asBytes(around[1])]);
  }

  private deep(): string {
    const { dice } = this;
    const depth = dice.below(dice.pick([6, 30, 1200]));
    const closed = dice.chance(0.8) ? depth : dice.below(depth + 2);
    if (dice.chance(0.3)) return `{"fields":${'{"a":'.repeat(depth)}1${'}'.repeat(closed)}}`;
    if (dice.chance(0.2)) return `${'['.repeat(depth)}"]\\"["${']'.repeat(closed)}`;
    return `{"a":${'['.repeat(depth)}${dice.pick(['', '{"b":1}', '1'])}${']'.repeat(closed)},"level":"INFO"}`;
  }

  private aroundTheLimit(): Buffer {
    const wanted = Math.max(2, Math.min(20000, this.options.maxRecordBytes) + this.dice.below(9) - 4);
    const filler = this.dice.pick(['x', '\\n', '\u00e9', ' ']);
    const line = `{"message":"${filler.repeat(Math.ceil(wanted / filler.length))}`;
    return this.dice.chance(0.8)
      ? Buffer.concat([asBytes(line).subarray(0, wanted - 2), asBytes('"}')])
      : Buffer.alloc(wanted, this.dice.pick([' ', 'x', '\r', '{']));
  }
}
