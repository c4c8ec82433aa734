/**
 * The thread that wrote an event, behind its level: a name, right-aligned below the longest one so far, an id, or both, if
 * the layout was told to show them. A name alone is told by what follows, a path of modules or a colour, as names of spans
 * may hold blanks, too; those that Rust and tokio give are known.
 */
const word = String.raw`[^\s:{}"=\x1b]+`;
const known = 'main|tokio-runtime-worker|tokio-rt-worker';
const follows = String.raw`[A-Za-z_]\w*(?:::\w+)+: |\x1b\[[12]m`;
const thread = new RegExp(
  String.raw` *(?:(?:(${word}(?: ${word}){0,3}) )?(ThreadId\(\d{1,9}\)) |(${known}) (?=\S)|(${word}) (?=${follows}))`,
  'y',
);

export interface Thread {
  readonly threadName?: string | undefined;
  readonly threadId?: string | undefined;
  /** Behind it, or where it was looked for. */
  readonly end: number;
}

export function readThread(text: string): Thread {
  thread.lastIndex = 0;
  const match = thread.exec(text);
  if (match === null) return { end: 0 };
  const [, beside, threadId, known, alone] = match;
  // an id has two digits at least there, but none to spare in JSON
  return {
    threadName: beside ?? known ?? alone,
    threadId: threadId?.replace('(0', '('),
    end: thread.lastIndex,
  };
}
