import type { Config } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { isPipe } from '../following.ts';
import type { RunOptions } from '../invocation.ts';
import type { Io } from '../io.ts';
import type { Messages } from '../standard-error.ts';
import { Checkpoints, type Restrict } from './checkpoints.ts';

interface Asked {
  readonly options: RunOptions;
  readonly config: Config;
  readonly files: readonly string[];
  readonly isLive: boolean;
  readonly readsTopics: boolean;
  readonly restrict: Restrict;
  readonly io: Pick<Io, 'env'>;
  readonly messages: Messages;
}

/** What --state asks for; undefined if nothing. @throws {MirrormonError} where this run could not go on, or not from there */
export async function checkpointsOf(asked: Asked): Promise<Checkpoints | undefined> {
  const { options, config, restrict, io, messages } = asked;
  if (options.state === undefined) return undefined;
  refuseUnresumable(asked);
  // for tests, which cannot wait for long
  const { MIRRORMON_STATE_INTERVAL: interval, MIRRORMON_STATE_STRETCH: stretch } = io.env;
  return Checkpoints.open({
    ...{ path: options.state, config, run: options, restrict, messages },
    interval: interval === undefined ? undefined : Number(interval),
    stretch: stretch === undefined ? undefined : Number(stretch),
  });
}

/**
 * Sees that a run of which --state is asked can go on as if it had never stopped: all that outlives a batch must be in
 * the state.
 * @throws {MirrormonError} USAGE with what is not
 */
function refuseUnresumable(asked: Asked): void {
  const { config, files, isLive, readsTopics, options } = asked;
  const refuse = (what: string, hint: string): never => {
    throw new MirrormonError('USAGE', `--state does not hold ${what}`, { hint });
  };
  const isFollowed = options.workload !== undefined || (options.follow === true && !isPipe(files));
  const goesOn = isFollowed && (options.scrape?.length ?? 0) === 0;
  if ((isLive && !goesOn) || readsTopics)
    refuse(
      'how far topics, or what goes on for ever, were read',
      'follow a workload or files, or read a pipe',
    );
  if (files.includes('-') && !isPipe(files)) {
    refuse('how far a pipe beside files was read', 'name files alone, or read the pipe alone');
  }
  if (options.partial !== undefined) {
    refuse('what a partial tells of its inputs', 'write it by a run without --state');
  }
  for (const { type, name, onError } of config.handlers) {
    if (type === 'report' && config.metrics.reportInterval !== undefined) {
      refuse(
        'what reports before the end had, for the page',
        'leave out metrics.reportInterval, or the page',
      );
    }
    if (type === 'otlp' && onError === 'spool') {
      refuse(`what handler ${name} has in its spool`, 'leave out its onError, which waits then');
    }
    if (type === 'kafka') {
      refuse(`what handler ${name} has delivered`, 'leave it out, or share the run by roles (kafka.role)');
    }
  }
}
