/**
 * Records of tracing's text layouts (full, compact, pretty; with and without ANSI) to the JSON of the same event.
 *
 * A text layout does not mark where a message ends and whether a text was quoted by Rust's Debug or by the layout, so
 * some events cannot be had back: messages that themselves hold ` name=`, fields of spans in the compact layout (they
 * follow the event's, and count as such), and the like; fixtures/tracing and its test list them all. Without ANSI, names
 * are taken to be identifiers with dots, and targets to be paths of Rust modules.
 */
import { readAnsi } from './ansi.ts';
import { readHeader } from './header.ts';
import { readPlain } from './plain.ts';
import { readPretty } from './pretty.ts';
import { eventToJson, type TextEvent } from './text-event.ts';

const sgr = /\x1b\[[0-9;]*m/g;
/** Fields as no pretty record has them: one line that ends so is another layout's, indented. */
const fullFields = /^[^\n]* [A-Za-z_][\w.]*=(?:"(?:[^"\\]|\\.)*"|\S+)\n*$/;

/** Whether the body of what begins like a pretty record is one of the full layout. */
export function hasFullFields(body: string): boolean {
  return fullFields.test(body);
}

export interface TextRecord {
  readonly json: string;
  /** Whether nothing can go on with it: its last value is whole. */
  readonly finished: boolean;
}

/** The record as JSON, undefined if it does not begin like one. */
export function readText(text: string): TextRecord | undefined {
  const header = readHeader(text);
  if (header === undefined) return undefined;
  const body = text.slice(header.end);
  let event: TextEvent;
  if (header.pretty && !hasFullFields(body)) event = readPretty(header.ansi ? body.replace(sgr, '') : body);
  else event = readLine(body, header.ansi);
  return { json: eventToJson(header, event), finished: event.finished === true };
}

/** The full or the compact layout, behind time and level. */
function readLine(body: string, ansi: boolean): TextEvent {
  const { end, threadName, threadId } = readThread(body);
  const rest = body.slice(end);
  return { ...(ansi ? readAnsi(rest) : readPlain(rest)), threadName, threadId };
}

/** The same without what it tells of the end. */
export function textToJson(text: string): string | undefined {
  return readText(text)?.json;
}

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

interface Thread {
  readonly threadName?: string | undefined;
  readonly threadId?: string | undefined;
  /** Behind it, or where it was looked for. */
  readonly end: number;
}

function readThread(text: string): Thread {
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
