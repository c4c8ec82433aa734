import type { Flow, Picks } from '../batch.ts';
import type { HandlerConfig, SubscriptionConfig } from '../config.ts';
import type { HandlerContext } from '../handler.ts';
import { encodeEvent } from '../ziti/encode.ts';
import { giveNamespace, type KeyHolder, relayOut, selectKeys, toOneLine } from '../ziti/encode-passed.ts';
import type { MetricEvent } from '../ziti/event.ts';
import { namespaceOfSubscription, typeOfSubscription } from '../ziti/namespaces.ts';
import { type Layout, laidOut, layoutOf } from './layout.ts';

/** What a handler of lines writes; nothing in it is memory of the batch, which it may outlive. */
export interface Lines {
  readonly bytes: Buffer;
  /** Where each line ends in `bytes`, one past its newline: a text record may hold newlines of its own. */
  readonly ends: Uint32Array;
}

/** Which of the picks to encode, and where to. */
export interface Part {
  readonly from?: number;
  readonly to?: number;
  /** Gives memory of that length for the lines; for a caller who uses the same again, since fresh pages cost more than the copy. */
  readonly allocate?: (length: number) => Buffer;
}

/** The settings that decide how a line looks. */
export type EncodeConfig = Pick<HandlerConfig, 'name' | 'version' | 'subscriptions'> &
  Partial<Pick<HandlerConfig, 'format' | 'fluentd'>>;

/** What of the run it needs; without a configuration, records are written as they came. */
export type EncodeContext = Pick<HandlerContext, 'eventId'> & Partial<Pick<HandlerContext, 'config'>>;

/** How the records that a subscription selected are changed. */
interface Change {
  readonly version: HandlerConfig['version'];
  /** What a subscription by an old name gives its events. */
  readonly namespace: string | undefined;
  readonly holder: KeyHolder;
  /** How a log record is written; `json` is what `bytes` hold. */
  readonly layout: Layout;
  /** False = only records with selected keys are changed. */
  readonly always: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const OPEN_BRACE = 0x7b;

/** Framings whose records are slices of a line, so that none can hold a newline (a lone CR is still possible). */
const lineFramings: ReadonlySet<string> = new Set(['ndjson', 'kubectl', 'stern', 'cri']);

/**
 * One line for each pick, in the picks' order: made events as the configured version has them,
 * records that came in unchanged but for the keys, the version or the old namespace that was asked for. The same call gives the same
 * bytes again, so a handler can go on where it stopped.
 */
export function encodePicks(
  flow: Flow,
  picks: Picks,
  config: EncodeConfig,
  context: EncodeContext,
  part: Part = {},
): Lines {
  const { from = 0, to = picks.count, allocate = Buffer.allocUnsafe } = part;
  if (flow.report) return encodeReport(flow, picks, config, context, from, to);
  const spans = new Spans(to - from);
  const source = Buffer.from(flow.batch.bytes.buffer, flow.batch.bytes.byteOffset, flow.batch.bytes.length);
  const mayBreak = !lineFramings.has(flow.batch.input.framing) || source.includes(CR);
  const layout = layoutOf(config, context);
  const changes = config.subscriptions.map((subscription) => changeOf(subscription, config.version, layout));
  for (let pick = from; pick < to; pick++) {
    const row = picks.row[pick]!;
    const start = flow.batch.offset[row]!;
    const end = start + flow.batch.length[row]!;
    const keys = picks.keys[pick];
    const change = changes[picks.subscription[pick]!]!;
    const other = laidOut(flow.batch, row, change.layout);
    if (other !== undefined) {
      spans.addLine(other);
      continue;
    }
    if (keys === undefined && !change.always && !mayBreak) spans.add(source, start, end);
    else spans.addLine(reencode(source.subarray(start, end), keys, change));
  }
  return spans.join(allocate);
}

function encodeReport(
  flow: Flow,
  picks: Picks,
  config: EncodeConfig,
  context: EncodeContext,
  from: number,
  to: number,
): Lines {
  const texts: string[] = [];
  const ends = new Uint32Array(to - from);
  let length = 0;
  for (let pick = from; pick < to; pick++) {
    const row = picks.row[pick]!;
    const time = flow.batch.time[row]!;
    const id = context.eventId(config.name, picks.subscription[pick]!, time);
    const event = flow.batch.object(row) as unknown as MetricEvent;
    const text = `${encodeEvent(event, time, config.version ?? 2, id, picks.keys[pick])}\n`;
    texts.push(text);
    length += Buffer.byteLength(text);
    ends[pick - from] = length;
  }
  return { bytes: Buffer.from(texts.join('')), ends };
}

function changeOf(
  { type }: SubscriptionConfig,
  version: HandlerConfig['version'],
  logLayout: Layout,
): Change {
  const namespace = namespaceOfSubscription(type);
  const holder = typeOfSubscription(type) === 'usage' ? 'usage' : 'metrics';
  const layout = type === 'logs' ? logLayout : 'json';
  return { version, namespace, holder, layout, always: version !== undefined || namespace !== undefined };
}

/** Only JSON objects are ever changed: a record of a text layout is what it is, newlines included. */
function reencode(record: Buffer, keys: readonly string[] | undefined, change: Change): Buffer {
  const trimmed = record.at(-1) === CR ? record.subarray(0, -1) : record;
  if (trimmed[0] !== OPEN_BRACE) return trimmed;
  let line = keys === undefined ? trimmed : selectKeys(trimmed, keys, change.holder);
  if (change.version !== undefined) line = relayOut(line, change.version) ?? line;
  if (change.namespace !== undefined) line = giveNamespace(line, change.namespace);
  return line.includes(LF) || line.includes(CR) ? toOneLine(line) : line;
}

/**
 * Spans of bytes to be joined to lines. Neighbours in the input that one newline separates become one span: whole runs
 * of records then cost one copy.
 */
class Spans {
  private readonly sources: Buffer[] = [];
  private readonly starts: number[] = [];
  private readonly stops: number[] = [];
  private readonly ends: Uint32Array;
  private lines = 0;
  private length = 0;

  constructor(lines: number) {
    this.ends = new Uint32Array(lines);
  }

  add(source: Buffer, start: number, end: number): void {
    const last = this.stops.length - 1;
    if (this.stops[last] === start - 1 && this.sources[last] === source && source[start - 1] === LF) {
      this.stops[last] = end;
    } else {
      this.sources.push(source);
      this.starts.push(start);
      this.stops.push(end);
    }
    this.length += end - start + 1;
    this.ends[this.lines++] = this.length;
  }

  addLine(line: Buffer): void {
    this.add(line, 0, line.length);
  }

  join(allocate: (length: number) => Buffer): Lines {
    const bytes = allocate(this.length);
    let at = 0;
    for (const [index, source] of this.sources.entries()) {
      at += source.copy(bytes, at, this.starts[index], this.stops[index]);
      bytes[at++] = LF;
    }
    return { bytes, ends: this.ends };
  }
}
