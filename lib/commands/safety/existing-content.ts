import { closeSync, openSync, readSync } from 'node:fs';
import { beginsAsState } from '../../state/state-parts.ts';

/** How much of an existing file is looked at. The parts of a ledger that tell one stand before what grows. */
const HEAD_BYTES = 4096;

export type Content = 'events' | 'logs' | 'dead-letters' | 'ledger' | 'report' | 'samples' | 'state';

/** The beginning of a file; undefined if it may not be read, so that nobody can tell what it is. */
function headOf(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Whether a text begins as one of ours does. A head may end in the middle of it. */
const isOurs: Readonly<Record<Content, (head: string) => boolean>> = {
  'dead-letters': (head) =>
    /^\{"input":"(?:[^"\\]|\\.)*","offset":\d+,"length":\d+,"reason":"[a-z-]+",/.test(head),
  ledger: (head) =>
    /^\{\s*"read":\s*\{/.test(head) &&
    ['"selected":', '"filtered":', '"rejected":'].every((key) => head.includes(key)),
  // what is appended to: what others wrote in the same form is fine
  events: (head) => head.startsWith('{'),
  logs: () => true,
  report: (head) => head.includes('<meta name="generator" content="mirrormon">'),
  state: beginsAsState,
  samples: (head) => /^# (HELP|TYPE|EOF)/.test(head),
};

/** Whether a file can have been written by mirrormon: empty, or with content of that kind. */
export function canBeOurs(path: string, content: Content): boolean {
  const head = headOf(path);
  if (head === undefined) return content === 'events' || content === 'logs';
  if (head.length === 0) return true;
  // a state is binary behind its first line
  return (content === 'state' || !head.includes(0)) && isOurs[content](head.toString().trimStart());
}
