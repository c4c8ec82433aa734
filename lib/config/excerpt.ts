import { withoutSecrets } from '../text/secrets.ts';
import type { Problem } from './problem.ts';

/** Of a line, so much is shown around the place. */
const WIDTH = 96;

/**
 * The line that a problem is about with a caret below, as compilers show it: two lines with the line's number in front;
 * undefined for what stands in no file. Secrets in the line are masked.
 */
export function excerptOf(problem: Problem, texts: ReadonlyMap<string, string>): string | undefined {
  const { file, line, column = 1 } = problem;
  const text = file === undefined || line === undefined ? undefined : lineOf(texts.get(file), line);
  if (text === undefined) return undefined;
  const token = tokenLength(text.slice(column - 1));
  const { shown, caret } = masked(text, column - 1);
  const from = caret + token > WIDTH ? Math.max(0, caret - WIDTH / 2) : 0;
  const window = shown.slice(from, from + WIDTH);
  const front = from > 0 ? '…' : '';
  const back = from + WIDTH < shown.length ? '…' : '';
  const under = '~'.repeat(Math.max(0, Math.min(token, window.length - (caret - from)) - 1));
  const gutter = String(line).padStart(5);
  return `${gutter} | ${front}${window}${back}\n${' '.repeat(gutter.length)} | ${' '.repeat(front.length + caret - from)}^${under}`;
}

function lineOf(text: string | undefined, line: number): string | undefined {
  const found = text?.split(/\r\n|[\n\r]/, line)[line - 1];
  return found?.trim() === '' ? undefined : found;
}

/** Every character takes one column, so that the caret stands where it should. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}

function masked(text: string, caret: number): { shown: string; caret: number } {
  const shown = withoutSecrets(text);
  if (shown === text) return { shown: printable(text), caret };
  // a mask in front of the place moves it
  const before = withoutSecrets(text.slice(0, caret));
  return { shown: printable(shown), caret: Math.min(before.length, shown.length) };
}

/** How long what begins here is: a text in quotes, or a word. */
function tokenLength(text: string): number {
  return /^("(?:[^"\\]|\\.){0,200}"|'[^']{0,200}'|[^\s,:{}[\]#]{1,200})?/.exec(text)?.[0].length || 1;
}
