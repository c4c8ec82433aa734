import { createHash } from 'node:crypto';
import type { Config } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import type { Going } from '../../state/about.ts';
import { differences, type Measuring } from '../../state/measuring.ts';
import type { StateFile } from '../../state/state-file.ts';
import { parseMoment } from '../../text/moment.ts';
import type { RunOptions, WorkloadAsked } from '../invocation.ts';

/** Sees that a state is of a run like this one. @throws {MirrormonError} STATE_UNUSABLE with what differs */
export function admit({ path, about }: StateFile, measuring: Measuring, rest: Going['rest']): void {
  if (about.kind !== 'checkpoint' || about.going === undefined) {
    throw new MirrormonError('STATE_UNUSABLE', 'it is a partial, from which no run goes on', {
      where: path,
      hint: 'name another file',
    });
  }
  const names = differences(about.measuring, measuring);
  if (names.length === 0) names.push(...differences(about.going.rest, rest));
  if (names.length === 0) return;
  throw new MirrormonError(
    'STATE_UNUSABLE',
    `it is of a run with another configuration: ${names.slice(0, 3).join(', ')} ${names.length === 1 ? 'differs' : 'differ'}`,
    {
      where: path,
      hint: 'go on with the same configuration and options, or name another file to begin anew',
    },
  );
}

/** What else decides what is written, hashed, as it may hold secrets. */
export function restOf({ handlers, metrics, operator }: Config, run: RunOptions): Going['rest'] {
  const hash = (value: unknown): string =>
    createHash('sha256')
      // where a setting was written does not matter
      .update(JSON.stringify(value, (key, part: unknown) => (key === 'place' ? undefined : part)) ?? '')
      .digest('hex');
  return {
    '--since': durationOf(run.since),
    '--until': durationOf(run.until),
    handlers: hash(handlers),
    operator: hash(operator),
    metrics: {
      reportInterval: metrics.reportInterval,
      report: metrics.report,
      expireAfter: metrics.expireAfter,
    },
    options: hash([
      ...[run.inputFormat, run.records, run.deadLetters, run.ledger === undefined],
      ...(run.workload === undefined ? [] : [workloadOf(run.workload)]),
    ]),
  };
}

/** What was asked for if it is a duration: instants are compared as what is measured. */
function durationOf(text: string | undefined): string | undefined {
  const moment = text === undefined ? undefined : parseMoment(text, 0);
  return moment !== undefined && 'before' in moment ? text : undefined;
}

function workloadOf({ workload, kubectlOptions, containers }: WorkloadAsked): unknown {
  return { workload, kubectlOptions, containers };
}
