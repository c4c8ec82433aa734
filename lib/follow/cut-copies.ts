/**
 * Copies of a file that is followed: those that rotation makes before it cuts the file short, whose content is to be read
 * once, and those that somebody made for himself, whose content was or will be read where it was copied from.
 */

import { agrees, bytesAt, hasContent, isBeginningOf, LEAST_ALIKE, type ReadContent } from './file-content.ts';
import { type Generation, UNNUMBERED } from './generation.ts';

export interface CopiesOfCut {
  /** Has what was read of the file before it was cut short, and what was not read yet. */
  readonly rest: Generation | undefined;
  /** What came between that and now; oldest first. */
  readonly behind: readonly Generation[];
  /** What they have was read. */
  readonly done: readonly Generation[];
}

/**
 * Which of the files that came beside one that was cut short are copies of what was read of it.
 * @param candidates the oldest first
 */
export async function copiesOfCut(
  content: ReadContent,
  candidates: readonly Generation[],
): Promise<CopiesOfCut> {
  let rest: Generation | undefined;
  for (const one of candidates) {
    if (!(await hasContent(one.file, content))) continue;
    // the oldest, since little that was read may stand in others, too; but what somebody copied before lacks the last of it
    if (rest === undefined || (await isBeginningOf(rest.file, one.file))) rest = one;
  }
  const [behind, done]: [Generation[], Generation[]] = [[], []];
  for (const one of candidates) {
    if (one !== rest) ((await isCopyOfRead(one, content, rest)) ? done : behind).push(one);
  }
  return { rest, behind, done };
}

async function isCopyOfRead(
  { file }: Generation,
  { head, position }: ReadContent,
  rest: Generation | undefined,
): Promise<boolean> {
  if (rest !== undefined) return isBeginningOf(file, rest.file);
  return head.length > 0 && (await file.sizeNow()) < position && agrees(file, head);
}

/**
 * Those that were copied before a file was cut short come right before it, whose birth the cut left as it was.
 * @param waiting none of them was born at once with one of these
 */
export function bornBefore(
  cut: Generation,
  copies: readonly Generation[],
  waiting: readonly Generation[],
): Generation[] {
  const taken = new Set(waiting.map(({ born }) => born));
  let { born } = cut;
  const placed: Generation[] = [];
  for (const copy of [...copies].reverse()) {
    do born--;
    while (taken.has(born));
    placed.unshift({ ...copy, born, isCopy: true });
  }
  return placed;
}

/**
 * Which of the files that have come somebody copied for himself: they are what another one begins with, of those that have
 * come or are known, or all that was read of one.
 */
export async function madeBySomebody(
  fresh: readonly Generation[],
  known: readonly Generation[],
  finished: readonly ReadContent[],
): Promise<Generation[]> {
  // rotation numbers what it makes
  const unnumbered = fresh.filter(({ rank }) => rank === UNNUMBERED);
  if (unnumbered.length === 0) return [];
  const alike = await byHead([...known, ...fresh]);
  const made: Generation[] = [];
  for (const one of unnumbered) {
    if (await isOneOf(finished, one)) {
      made.push(one);
      continue;
    }
    const others = alike.find((some) => some.includes(one)) ?? [];
    for (const other of others) {
      if (other === one || made.includes(other) || !(await isBeginningOf(one.file, other.file))) continue;
      made.push(one);
      break;
    }
  }
  return made;
}

async function isOneOf(finished: readonly ReadContent[], { file }: Generation): Promise<boolean> {
  const size = await file.sizeNow();
  for (const content of finished) {
    const isAsLong = content.position === size && size >= LEAST_ALIKE;
    if (isAsLong && (await agrees(file, content.head)) && (await hasContent(file, content))) return true;
  }
  return false;
}

/** Those that begin alike; what is too short to tell is left out. */
async function byHead(all: readonly Generation[]): Promise<Generation[][]> {
  const heads = new Map<string, Generation[]>();
  for (const one of all) {
    const head = (await bytesAt(one.file, 0, LEAST_ALIKE)).toString('latin1');
    if (head.length === LEAST_ALIKE) heads.set(head, [...(heads.get(head) ?? []), one]);
  }
  return [...heads.values()];
}
