import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { EventEncoder } from '../../events/encode-event.ts';
import type { MetricEvent } from '../../events/metric-event.ts';
import type { HandlerContext } from '../handler.ts';
import type { Unwritable } from '../unwritable.ts';
import { type Change, changeOf, reencode } from './change.ts';
import { LineBuffer, type Lines } from './line-buffer.ts';
import { laidOut, layoutOf } from './record-layout.ts';
import { addRecords } from './records.ts';

/** Which of the picks to encode, and where to. */
export interface Part {
  readonly from?: number;
  readonly to?: number;
  /** Memory for the lines, which hold until its next use: fresh pages for every write cost more than the copy. */
  readonly into?: LineBuffer;
  /** Told of what cannot be written, which is a line of no bytes then; without it, that is thrown. */
  readonly unwritable?: Pick<Unwritable, 'tell'>;
}

/** The settings that decide how a line looks. */
export type EncodeConfig = Pick<HandlerConfig, 'name' | 'version' | 'subscriptions'> &
  Partial<Pick<HandlerConfig, 'format' | 'fluentd'>>;

/** What of the run it needs; without a configuration, records are written as they came. */
export type EncodeContext = Pick<HandlerContext, 'eventId'> & Partial<Pick<HandlerContext, 'config'>>;

/**
 * One line for each pick, in the picks' order: made events as the configured version has them, records that came in
 * unchanged but for the keys, the version or the old namespace that was asked for. The same call gives the same bytes
 * again, so a handler can go on where it stopped.
 */
export function encodePicks(
  flow: Flow,
  picks: Picks,
  config: EncodeConfig,
  context: EncodeContext,
  part: Part = {},
): Lines {
  const { from = 0, to = picks.count, into = new LineBuffer() } = part;
  const add = flow.report ? reportAdder(flow, picks, config, context, into) : undefined;
  if (add !== undefined) addEach(flow, picks, from, to, into, part, add);
  else {
    const layout = layoutOf(config, context);
    const changes = config.subscriptions.map((subscription) =>
      changeOf(subscription, config.version, layout),
    );
    if (!addQuickly(flow, picks, changes, from, to, into)) {
      addEach(flow, picks, from, to, into, part, (pick) => into.addLine(lineOf(flow, picks, changes, pick)));
    }
  }
  return into.lines;
}

/** Whatever the quick way stumbles over is for the other to find. */
function addQuickly(
  { batch }: Flow,
  picks: Picks,
  changes: readonly Change[],
  from: number,
  to: number,
  into: LineBuffer,
): boolean {
  try {
    return addRecords(batch, picks, changes, from, to, into);
  } catch {
    return false;
  }
}

/** One after the other; what cannot be written leaves its place empty. */
function addEach(
  { batch }: Flow,
  picks: Picks,
  from: number,
  to: number,
  into: LineBuffer,
  { unwritable }: Part,
  add: (pick: number) => void,
): void {
  into.begin(to - from);
  for (let pick = from; pick < to; pick++) {
    try {
      add(pick);
    } catch (error) {
      if (unwritable === undefined) throw error;
      unwritable.tell(batch, picks.row[pick]!, error);
      into.addNothing();
    }
  }
}

/** Any record, in any layout and framing. */
function lineOf({ batch }: Flow, picks: Picks, changes: readonly Change[], pick: number): Buffer {
  const row = picks.row[pick]!;
  const change = changes[picks.subscription[pick]!]!;
  const other = laidOut(batch, row, change.layout);
  if (other !== undefined) return other;
  const start = batch.offset[row]!;
  const record = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset + start, batch.length[row]!);
  return reencode(record, picks.keys[pick], change);
}

function reportAdder(
  { batch }: Flow,
  picks: Picks,
  config: EncodeConfig,
  context: EncodeContext,
  lines: LineBuffer,
): (pick: number) => void {
  const encoder = new EventEncoder(config.version ?? 2);
  // one for a subscription and a time: nearly always the same as that of the event before
  let id = '';
  let idSubscription = -1;
  let idTime = Number.NaN;
  return (pick) => {
    const row = picks.row[pick]!;
    const time = batch.time[row]!;
    const subscription = picks.subscription[pick]!;
    if (subscription !== idSubscription || time !== idTime) {
      id = context.eventId(config.name, subscription, time);
      idSubscription = subscription;
      idTime = time;
    }
    const event = batch.object(row) as unknown as MetricEvent;
    lines.addText(encoder.text(event, time, id, picks.keys[pick]));
  };
}
