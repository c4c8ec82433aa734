import { describeError, MirrormonError, OutputClosed } from '../errors.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Chunk } from '../stages/parse.ts';
import type { Outcome } from './conclusion.ts';
import type { Ending } from './ending.ts';
import type { Messages } from './standard-error.ts';

export type OnFailure = (error: unknown) => void;

export interface Driven {
  /** @param fail to be told of what does not keep others from being read */
  open(fail: OnFailure): Promise<AsyncIterable<Chunk>>;
  /** All that is read has been. */
  onRead?(): void;
}

/** Feeds a pipeline until its input or a signal ends it, and lets the handlers write what there is. */
export async function drive(
  pipeline: Pipeline,
  ending: Ending,
  messages: Messages,
  { open, onRead }: Driven,
): Promise<Outcome> {
  const outcome: Outcome = { failed: false, unreadable: false, signal: undefined, outputClosed: false };
  const fail = (error: unknown): void => {
    if (error instanceof OutputClosed) {
      outcome.outputClosed = true;
      return;
    }
    outcome.failed = true;
    if (error instanceof MirrormonError && error.code === 'USAGE') outcome.refused = true;
    messages.error(describeError(error));
  };
  // a pipeline that breaks while the source is silent must not wait for its next byte
  pipeline.stream.once('error', () => ending.stopReading());
  try {
    await Promise.race([pipeline.run(await open(fail), ending.waiting, ending.reading), ending.over]);
  } catch (error) {
    fail(error);
  }
  onRead?.();
  await Promise.race([pipeline.close().catch(fail), ending.over]);
  ending.close();
  outcome.signal = ending.signal;
  return outcome;
}
