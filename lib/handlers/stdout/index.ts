import type { Writable } from 'node:stream';
import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError, OutputClosed, systemReason } from '../../errors.ts';
import { encodePicks } from '../encode/index.ts';
import { LineBuffer, missing } from '../encode/line-buffer.ts';
import type { Handler, HandlerContext, Written } from '../handler.ts';
import { Unwritable, writtenBut } from '../unwritable.ts';
import { groupOrder, type Order, seriesOrder } from './order.ts';
import type { Summary } from './summary/index.ts';
import type { TableWriter } from './table/index.ts';
import type { Terminal } from './terminal.ts';

/** Where standard output goes; read anew for each report, since a terminal can be resized. */
export interface Output {
  readonly stream: Writable;
  readonly terminal: Terminal;
  /** Of the table and the summary: undefined = as is usual there. */
  readonly order?: Order<string> | undefined;
}

/** Events that are encoded and written at a time: it bounds the memory that a report of many series takes. */
const slice = 4096;

/** Milliseconds of silence after which a block of the table is drawn though more of it might come. */
const PATIENCE_MS = 300;

/**
 * Writes lines of JSON, log records, the table, or the summary. A write waits until the stream has taken it, and fails with
 * OutputClosed for good once the reader has gone, with HANDLER_WRITE for anything else.
 */
export function openStdout(config: HandlerConfig, context: HandlerContext, output: Output): Handler {
  const sink = new Sink(output.stream);
  let table: TableWriter | undefined;
  let summary: Summary | undefined;
  // serves all writes: each is over before the next is encoded
  const into = new LineBuffer();
  const unwritable = new Unwritable(config.name, context);
  let patience: NodeJS.Timeout | undefined;
  const drawHeld = () => sink.write(Buffer.from(table?.end() ?? ''));

  return {
    name: config.name,
    type: 'stdout',
    async open() {
      sink.open();
      if (config.format === 'summary') {
        const { Summary } = await import('./summary/index.ts');
        summary = new Summary(context, output.stream, output.terminal, groupOrder(output.order ?? {}));
      }
      if (config.format !== 'table') return;
      const { TableWriter } = await import('./table/index.ts');
      table = new TableWriter(output.terminal, seriesOrder(output.order ?? {}));
    },
    async write(flow: Flow, picks: Picks): Promise<Written> {
      if (table !== undefined) {
        clearTimeout(patience);
        // our own reports are whole; those that are read may go on in the next batch
        const goesOn = !flow.report && !context.isLive();
        const { text, lost } = table.render(flow, picks, unwritable, goesOn);
        // a failure is remembered: the next write fails with it
        if (goesOn) patience = setTimeout(() => drawHeld().catch(ignore), PATIENCE_MS).unref();
        return writtenBut(await sink.write(Buffer.from(text)), lost);
      }
      let delivered = 0;
      let lost = 0;
      for (let from = 0; from < picks.count; from += slice) {
        const to = Math.min(from + slice, picks.count);
        const lines = encodePicks(flow, picks, config, context, { from, to, into, unwritable });
        lost += missing(lines.ends);
        delivered += await sink.write(lines.bytes);
      }
      return writtenBut(delivered, lost);
    },
    async close() {
      clearTimeout(patience);
      if (table !== undefined) await drawHeld();
      if (summary !== undefined) await sink.write(Buffer.from(summary.end()));
      sink.close();
    },
  };
}

/** A Writable that says by promise what became of each write. It is not ours, so it is never ended. */
class Sink {
  private readonly stream: Writable;
  private broken: Error | undefined;

  constructor(stream: Writable) {
    this.stream = stream;
  }

  /** Node emits every failed write as an event too, which would end the process if nobody listened. */
  open(): void {
    this.stream.on('error', ignore);
  }

  /** After a failure the event can still be on its way, so its listener stays. */
  close(): void {
    if (this.broken === undefined) this.stream.off('error', ignore);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    if (bytes.length === 0) return Promise.resolve(0);
    return new Promise((resolve, reject) => {
      this.stream.write(bytes, (error) => {
        if (error == null) return resolve(bytes.length);
        this.broken = hasGone(error)
          ? new OutputClosed('standard output was closed by its reader')
          : failure(error);
        reject(this.broken);
      });
    });
  }
}

function ignore(): void {}

const goneCodes: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

function hasGone(error: Error): boolean {
  return goneCodes.has((error as NodeJS.ErrnoException).code);
}

/** How much of the write arrived is unknown, so it must not be tried again. */
function failure(error: Error): MirrormonError {
  return new MirrormonError('HANDLER_WRITE', `cannot write: ${systemReason(error)}`, {
    where: 'standard output',
    hint: 'make room where it is redirected to, or configure a file handler, which waits for room',
    cause: error,
  });
}
