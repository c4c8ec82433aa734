import type { Config, HandlerConfig } from '../../config.ts';
import type { Ledger } from '../../ledger.ts';
import { shorten } from '../../text/display.ts';
import type { Paint } from '../../text/paint.ts';
import { printable } from '../../text/printable.ts';
import { thousands } from '../../text/thousands.ts';
import { wrapLines } from '../../text/wrap.ts';
import type { Explanation } from './explanation.ts';
import type { Touch } from './story.ts';
import type { Refusal } from './subscription-account.ts';

/** What is told of. */
export interface Told {
  readonly explanation: Explanation;
  readonly config: Config;
  readonly ledger: Ledger;
}

export interface Look {
  /** Columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** Indented lines; what goes on stands two further in. */
export function paragraph(text: string, indent: number, { width }: Look): string[] {
  const [first, ...others] = wrapLines(printable(text), width - indent - 2);
  return [`${' '.repeat(indent)}${first}`, ...others.map((line) => `${' '.repeat(indent + 2)}${line}`)];
}

/** Columns of what stands left of the text that tells of it; a longer name goes on into the text. */
const LABEL = 11;

/** A name, and beside it in a column of their own the lines that tell of it. */
export function entry(name: string, text: string, look: Look): string[] {
  const label = printable(name);
  if (label.length > LABEL - 2) return paragraph(`${label}  ${text}`, 2, look);
  const [first, ...others] = wrapLines(printable(text), look.width - LABEL - 4);
  return [`  ${label.padEnd(LABEL)}${first}`, ...others.map((line) => `${' '.repeat(LABEL + 4)}${line}`)];
}

/** How often each text came, right-aligned, the most frequent first; behind so many the others are counted. */
export function tallyLines(
  entries: readonly (readonly [text: string, count: number])[],
  most: number,
  { width }: Look,
): string[] {
  const shown = entries.slice(0, most).map(([text, count]) => {
    return `${thousands(count).padStart(11)}  ${shorten(printable(text), width - 13)}`;
  });
  const rest = entries.length - shown.length;
  if (rest > 0) shown.push(`${' '.repeat(13)}and ${thousands(rest)} ${rest === 1 ? 'other' : 'others'}`);
  return shown;
}

/** `mirrord_sessions_create_total{client="c"} +1` */
export function touchText({ metric, labels, type, value, moves }: Touch): string {
  const inside = labels.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join(',');
  const sign = type === 'counter' || moves ? (value < 0 ? '' : '+') : type === 'gauge' ? '= ' : '';
  return `${metric}${inside === '' ? '' : `{${inside}}`} ${sign}${value}`;
}

export const refusalText = (refusals: readonly Refusal[]): string =>
  `leaves it out by ${refusals.map(({ filter, found }) => `${filter}: ${found}`).join('; and by ')}`;

/** Where a handler writes. */
export function destination({ type, path, shownUrl, address }: HandlerConfig): string {
  if (type === 'file' || type === 'report') return path ?? type;
  if (type === 'stdout') return 'standard output';
  return shownUrl ?? address ?? type;
}
