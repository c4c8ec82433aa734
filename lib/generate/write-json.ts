import { Random } from './draws.ts';

/**
 * How the JSON of a record is laid out: `plain` as programs write it; `random` with the keys of every object in an
 * order of its own; `spaced` with a space after each colon and comma, and CRLF at the line's end.
 */
export const layouts = ['plain', 'random', 'spaced'] as const;

export type Layout = (typeof layouts)[number];

/** A JSON text as bytes, a character each: chunks of it are then encoded by copying. */
export type JsonText = string;

/** `"key":value`, or several of these that stay together. */
export type Member = JsonText;

type Scalar = string | number | boolean;

/** Writes objects from members rendered in advance: what repeats (clients, targets) is rendered once. */
export class JsonWriter {
  readonly lineEnd: string;
  private readonly colon: string;
  private readonly comma: string;
  private readonly order: Random | undefined;

  constructor(layout: Layout, seed: number) {
    const spaced = layout === 'spaced';
    this.colon = spaced ? ': ' : ':';
    this.comma = spaced ? ', ' : ',';
    this.lineEnd = spaced ? '\r\n' : '\n';
    // A generator of its own, so that every layout holds the same records.
    this.order = layout === 'random' ? new Random(seed + 1) : undefined;
  }

  /** Any text, escaped and encoded. */
  member(key: string, value: Scalar): Member {
    const text = JSON.stringify(value);
    return this.raw(key, /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1'));
  }

  /** A text of ASCII that needs no escaping, or a finite number. */
  plain(key: string, value: string | number): Member {
    return typeof value === 'number' ? this.raw(key, `${value}`) : this.raw(key, `"${value}"`);
  }

  raw(key: string, value: JsonText): Member {
    return `"${key}"${this.colon}${value}`;
  }

  /** Members for many records, joined in advance unless each record has an order of its own. */
  group(values: Readonly<Record<string, Scalar>>): readonly Member[] {
    const members = Object.entries(values).map(([key, value]) => this.member(key, value));
    return this.order === undefined ? [members.join(this.comma)] : members;
  }

  object(members: Member[]): JsonText {
    this.order?.shuffle(members);
    let text = '{';
    for (let k = 0; k < members.length; k++) text += k === 0 ? members[k] : this.comma + members[k];
    return `${text}}`;
  }
}
