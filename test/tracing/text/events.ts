import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fixture } from '../../helpers/root.ts';

/** What the real tracing-subscriber was told to write; record k of every log in fixtures/tracing is event k. */
export interface TruthEvent {
  readonly i: number;
  readonly timestamp: string;
  readonly level: string;
  readonly target: string;
  readonly file: string;
  readonly line: number;
  readonly fields: readonly TruthField[];
  /** Of the event, outermost first. */
  readonly spans: readonly { readonly name: string; readonly fields: readonly TruthField[] }[];
  /** Names of the spans that the thread was in. */
  readonly entered: readonly string[];
}

export interface TruthField {
  readonly name: string;
  readonly type: 'str' | 'u64' | 'i64' | 'u128' | 'i128' | 'f64' | 'bool' | 'debug' | 'error' | 'bytes';
  readonly value: unknown;
}

export const layouts = [
  'json',
  'json_flatten',
  'json_no_spans',
  'full',
  'full_ansi',
  'compact',
  'pretty',
] as const;
export type LayoutName = (typeof layouts)[number];

function unpacked(name: string): Buffer {
  return gunzipSync(readFileSync(fixture('tracing', `${name}.gz`)));
}

export const events: readonly TruthEvent[] = unpacked('events.ndjson')
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Where each record begins in a log. */
export const offsets: Readonly<Record<LayoutName, readonly number[]>> = JSON.parse(
  unpacked('offsets.json').toString(),
);

export const logOf = (layout: LayoutName): Buffer => unpacked(`${layout}.log`);

/** A field's value as text: what a JSON layout shows of it. */
export function shown({ type, value }: TruthField): string {
  if (type === 'error') return (value as { display: string }).display;
  if (type === 'bytes') {
    const bytes = (value as number[]).map((byte) => byte.toString(16).padStart(2, '0'));
    return `[${bytes.join(' ')}]`;
  }
  return String(value);
}
