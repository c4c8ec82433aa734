import type { Dice } from './random.ts';

/** JSON text of random values: every kind of number, string and escape that a reader may stumble over. */

const texts = [
  '',
  'a',
  'INFO',
  'info',
  'Warn',
  'true',
  'null',
  '80',
  '8080',
  'Session Start',
  'Port Steal',
  'user "q"',
  'back\\slash',
  'tab\tnew\nline',
  'nul\u0000in',
  'slash/es',
  'é',
  '日本語メッセージ',
  '😀 emoji',
  '\ud800 lone',
  'lone \udc00\ud800',
  '\u2028\u2029\u007f\u0080\ufffd\ufeff',
  '\u07ff\u0800\uffff\u{10000}\u{10ffff}',
  '__proto__',
  'x'.repeat(15),
  'x'.repeat(16),
  'y'.repeat(31),
  'y'.repeat(32),
  'z'.repeat(33),
  'host-1.local',
  'user1@corp.example',
  'deadbeef'.repeat(5),
  'long '.repeat(60),
  'é'.repeat(100),
];

const numbers = [
  ...['0', '-0', '1', '80', '8080', '-1', '8080.0', '1e3', '1E+3', '-1.5e-3', '0.1', '0.30000000000000004'],
  ...['123456789012345678901234567890', '1e400', '-1e400', '1e-400', '0e-400', '9007199254740992'],
  ...['9007199254740993', '90071992547409920', '5e-324', '1.7976931348623157e308', '2.2250738585072011e-308'],
  ...[
    '1e22',
    '1e23',
    '123e-22',
    '123e-23',
    '100e-2',
    '3.141592653589793238462643',
    '0.000001',
    '1.0000000000000000000',
  ],
  ...[
    '18446744073709551615',
    '18446744073709551616',
    '0.00000000000000000000000000001',
    '17.5',
    '4611686018427387904',
  ],
];

/** What JSON has no room for. */
const nonsense = [
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '1e',
  '1e+',
  '0x10',
  'NaN',
  '--1',
  '1.e3',
  '00',
  '-01',
  'tru',
  'nulll',
];

const oneLetter: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
};

export class ValueWriter {
  private readonly dice: Dice;
  /** How likely a character is escaped that need not be, and how likely space stands where it may. */
  escapes: number;
  spaces: number;

  constructor(dice: Dice) {
    this.dice = dice;
    this.escapes = dice.pick([0, 0, 0, 0.02, 0.3]);
    this.spaces = dice.pick([0, 0, 0, 0.1, 0.6]);
  }

  space(): string {
    if (!this.dice.chance(this.spaces)) return '';
    return this.dice.pick([' ', ' ', '  ', '\t', ' \t ', '\r', ' '.repeat(40)]);
  }

  string(text: string): string {
    let written = '"';
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      const code = text.charCodeAt(i);
      const lone = code >= 0xd800 && code <= 0xdfff && !isPaired(text, i);
      if (code < 0x20 || c === '"' || c === '\\' || lone || this.dice.chance(this.escapes)) {
        const letter = oneLetter[c];
        written += letter !== undefined && !this.dice.chance(0.2) ? letter : this.hexEscape(code);
      } else {
        written += c;
      }
    }
    return `${written}"`;
  }

  private hexEscape(code: number): string {
    const hex = code.toString(16).padStart(4, '0');
    return `\\u${this.dice.chance(0.5) ? hex : hex.toUpperCase()}`;
  }

  text(): string {
    return this.dice.chance(0.15) ? `t${this.dice.below(5000)}` : this.dice.pick(texts);
  }

  number(): string {
    if (this.dice.chance(0.5)) return this.dice.pick(numbers);
    const digits =
      String(this.dice.below(1e9))
        .slice(this.dice.below(4))
        .replace(/^0+(?=\d)/, '') || '0';
    const fraction = this.dice.chance(0.4) ? `.${this.dice.below(1e6)}` : '';
    const exponent = this.dice.chance(0.1) ? `e${this.dice.below(60) - 30}` : '';
    return `${this.dice.chance(0.1) ? '-' : ''}${digits}${fraction}${exponent}`;
  }

  value(depth = 0): string {
    const x = this.dice.next();
    if (x < 0.4) return this.string(this.text());
    if (x < 0.65) return this.number();
    if (x < 0.76) return this.dice.pick(['true', 'false', 'null']);
    if (x < 0.765) return this.dice.pick(nonsense);
    if (depth > 4) return '{}';
    if (x < 0.87) return this.array(this.dice.list(4, () => this.value(depth + 1)));
    return this.object(this.dice.list(4, () => [this.dice.pick(texts), this.value(depth + 1)]));
  }

  array(values: readonly string[]): string {
    return `[${this.space()}${values.map((value) => `${value}${this.space()}`).join(`,${this.space()}`)}]`;
  }

  object(members: readonly (readonly [string, string])[]): string {
    const written = members.map(
      ([key, value]) => `${this.string(key)}${this.space()}:${this.space()}${value}${this.space()}`,
    );
    return `{${this.space()}${written.join(`,${this.space()}`)}}`;
  }
}

/** Whether the surrogate at `i` is half of a pair. */
function isPaired(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  const [high, low] = code < 0xdc00 ? [code, text.charCodeAt(i + 1)] : [text.charCodeAt(i - 1), code];
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
}
