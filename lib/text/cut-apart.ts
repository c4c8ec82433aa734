import { shorten, widthOf } from './display.ts';

/** Texts cut to a width such that different ones stay different, where that is possible at all. */
export function shortened(texts: readonly string[], width: number): string[] {
  if (texts.every((text) => text.length <= width / 2 || widthOf(text) <= width)) return [...texts];
  const short = texts.map((text) => shorten(text, width));
  const groups = new Map<string, Set<string>>();
  texts.forEach((text, k) => {
    const group = groups.get(short[k]!);
    if (group === undefined) groups.set(short[k]!, new Set([text]));
    else group.add(text);
  });
  const starts = new Map<string, number>();
  for (const [cut, group] of groups) if (group.size > 1) starts.set(cut, firstDifference(group));
  return texts.map((text, k) => {
    const start = starts.get(short[k]!);
    return start === undefined ? short[k]! : partFrom(text, start, width);
  });
}

/** How many characters texts that differ begin with alike. */
function firstDifference(texts: ReadonlySet<string>): number {
  const [first, ...others] = Array.from(texts, (text) => Array.from(text));
  let same = first!.length;
  for (const other of others) {
    let k = 0;
    while (k < same && first![k] === other[k]) k++;
    same = k;
  }
  return same;
}

/** The part of a text around a character of it; where there is little room, from that character on. */
function partFrom(text: string, at: number, width: number): string {
  const characters = Array.from(text);
  const from = Math.max(0, at - Math.max(0, Math.floor(width / 3) - 1));
  const part = `${from > 0 ? '…' : ''}${characters.slice(from).join('')}`;
  if (widthOf(part) <= width) return part;
  let end = Array.from(part).slice(0, width - 1);
  while (widthOf(end.join('')) > width - 1) end = end.slice(0, -1);
  return `${end.join('')}…`;
}
