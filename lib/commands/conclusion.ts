import { writeFile } from 'node:fs/promises';
import { MirrormonError, systemReason } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { closingLine } from './closing-line.ts';
import type { Invocation } from './invocation.ts';
import { type StopSignal, signalStatus } from './io.ts';

/** How reading and writing went. */
export interface Outcome {
  /** An input or a handler failed. */
  failed: boolean;
  /** What was asked for cannot be, as it turned out while it was read. */
  refused?: boolean;
  /** An input ended before its end. */
  truncated?: boolean;
  /** How many files patterns and names stood for, where there was a pattern. */
  files?: number;
  /** Nothing of an input could be read, though it had something. */
  unreadable: boolean;
  signal: StopSignal | undefined;
  /** Standard output was the only handler, and its reader has gone: it has what it wanted. */
  outputClosed: boolean;
}

/** The books, the closing line, and what the run's exit status is. */
export async function conclude(
  ledger: Ledger,
  outcome: Outcome,
  seconds: number,
  { options, io, messages }: Omit<Invocation, 'files'>,
  line = closingLine,
): Promise<number> {
  const mismatches = ledger.mismatches();
  for (const mismatch of mismatches) {
    messages.error(
      new MirrormonError('LEDGER_MISMATCH', mismatch, {
        hint: 'this is a bug of mirrormon, please report it',
      }).describe(),
    );
  }
  if (options.ledger !== undefined) {
    try {
      await writeFile(options.ledger, `${JSON.stringify(ledger.toReport(seconds), undefined, 2)}\n`);
    } catch (error) {
      outcome.failed = true;
      messages.error(`${options.ledger}: cannot write the ledger: ${systemReason(error)}`);
    }
  }
  if (outcome.failed) messages.error(delivered(ledger));
  if (!options.quiet && !outcome.outputClosed) io.stderr.write(line(ledger, seconds, outcome.files));
  if (outcome.refused) return 2;
  if (outcome.failed || mismatches.length > 0) return 1;
  if (outcome.outputClosed) return 0;
  if (outcome.signal !== undefined) return signalStatus(outcome.signal);
  if (options.strict && (ledger.lostTotal > 0 || outcome.truncated)) return 3;
  // nothing of what it was given has reached the one who waits for it
  if ([...ledger.handlers.keys()].some((name) => deliveredNothing(name, ledger))) return 1;
  return outcome.unreadable ? 1 : 0;
}

/** A reader that went away had what it wanted. */
function deliveredNothing(name: string, { handlers, dropped }: Ledger): boolean {
  const { records, events } = handlers.get(name)!;
  if (records.delivered + events.delivered > 0) return false;
  return records.dropped + events.dropped > 0 && dropped.get(name)?.has('output-closed') !== true;
}

/** How much each handler had when the run failed. */
function delivered(ledger: Ledger): string {
  const parts = [...ledger.handlers].map(([name, { records, events }]) => {
    return `${name} ${records.delivered + events.delivered} of ${records.selected + events.selected} selected`;
  });
  const had = parts.length === 0 ? 'what is told is of the rest' : `delivered: ${parts.join(', ')}`;
  return `not everything was done; ${had}`;
}
