import type { Config } from '../../config.ts';
import { describeError, MirrormonError } from '../../errors.ts';
import type { About } from '../../state/about.ts';
import { InputTallies } from '../../state/input-tally.ts';
import type { RunState } from '../../state/run-state.ts';
import { checkWritable, writeState } from '../../state/state-file.ts';
import type { Outcome } from '../conclusion.ts';
import type { RunOptions } from '../invocation.ts';
import type { Messages } from '../standard-error.ts';
import { version } from '../version.ts';

/** What a partial says of itself beside what every one does. */
type Whole = Pick<About, 'complete' | 'measuring' | 'inputs'>;

/** Writes a partial of a run that has ended. What fails is told, and noted in the outcome. */
export async function writePartial(
  path: string,
  whole: Whole,
  state: RunState,
  { outcome, messages }: { readonly outcome: Outcome; readonly messages: Messages },
): Promise<void> {
  const about: About = {
    kind: 'partial',
    program: version(),
    written: new Date().toISOString(),
    ...whole,
    complete: whole.complete && !outcome.failed && outcome.signal === undefined,
  };
  try {
    await writeState(path, about, state.sections());
  } catch (error) {
    outcome.failed = true;
    messages.error(describeError(error));
  }
}

/**
 * What is to be noted of inputs for the partial that a run is to write; undefined if it is to write none.
 * @throws {MirrormonError} USAGE where the run reports before its end, HANDLER_OPEN where it could not be written
 */
export async function openPartial(
  { partial }: RunOptions,
  config: Config,
  isLive: boolean,
  messages: Messages,
): Promise<InputTallies | undefined> {
  if (partial === undefined) return undefined;
  const { reportInterval, rules } = config.metrics;
  if (reportInterval !== undefined || isLive) {
    throw new MirrormonError(
      'USAGE',
      '--partial is of a run with one report, at its end, and this one reports at an interval',
      {
        hint: isLive
          ? 'read files or a pipe, and nothing that goes on for ever'
          : 'leave out metrics.reportInterval',
      },
    );
  }
  const between = rules.find(({ elapsed }) => elapsed !== undefined);
  if (between !== undefined) {
    messages.warn(
      `--partial: ${between.name} measures the time between records, and finds no pair of which one record is in another partial`,
    );
  }
  await checkWritable(partial);
  return new InputTallies();
}
