/**
 * What tools put before lines, learnt from lines that hold a record: lines behind the same prefix belong together, and a
 * line of a text record that goes on stands behind it too.
 */
import { behindTime } from '../prefix.ts';

/** Prefixes are kept by how they look with their digits masked. */
const MOST_KNOWN = 64;
/** The longest prefix before a record of a text layout. */
const ROOM = 512;

const ESC = '\\x1b\\[';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)';
const level = '(?:TRACE|DEBUG| INFO| WARN|ERROR) ';
/** A record of a text layout behind a prefix, which ends in a colour, or in no letter, figure, quote or opening bracket. */
const record = new RegExp(
  `(?:(?<![\\w.+"'[(])|(?<=${ESC}[\\d;]{0,16}m))(?: {2})?(?:${time} ${level}|${ESC}2m${time}${ESC}0m ${ESC}[0-9;]+m(?:TRACE|DEBUG| INFO| WARN|ERROR)${ESC}0m )`,
);

const masked = (text: string): string => text.replace(/\d/g, '0');

export class Prefixes {
  /** By their masked text, with their times cut off where they end in one. */
  private readonly known = new Map<string, number>();

  /** The length of the prefix before a text record in the line; 0 if there is none. */
  learn(line: Buffer): number {
    const text = line.toString('latin1', 0, ROOM);
    const match = record.exec(text);
    if (match === null || match.index === 0) return 0;
    // two spaces are the pretty layout's own, one more than ends a prefix; with more of them a line is indented
    const isIndented = match.index >= 2 && text.slice(0, match.index).trim() === '';
    const length = isIndented ? text.length - text.trimStart().length : match.index;
    this.remember(text.slice(0, length));
    return length;
  }

  /** The length of the prefix that the line has in common with one before; 0 if there is none. */
  behindKnown(line: Buffer): number {
    for (const [look, length] of this.known) {
      if (line.length < length || masked(line.toString('latin1', 0, length)) !== look) continue;
      return behindTime(line, length, line.length);
    }
    return 0;
  }

  private remember(prefix: string): void {
    const own = /^(.*?)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) $/s.exec(prefix);
    const look = masked(own === null || own[1] === '' ? prefix : own[1]!);
    if (this.known.has(look)) return;
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value!);
    this.known.set(look, look.length);
  }
}
