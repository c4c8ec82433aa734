import type { Usage } from '../../usage/index.ts';
import type { Io } from '../io.ts';
import { type ReadOptions, readAlone } from '../read-alone.ts';
import { refuseUnsafeAnswer } from '../safety/safe-outputs.ts';
import type { Messages } from '../standard-error.ts';

export type { ReadOptions } from '../read-alone.ts';

export interface ReadSessions {
  /** undefined where nothing could be read for the configuration's sake. */
  readonly usage: Usage | undefined;
  /** Milliseconds after which a session without an end counts as open no more. */
  readonly sessionMaxAge: number;
  readonly messages: Messages;
  /** Tells what was read, and gives the exit status. */
  conclude(): Promise<number>;
}

/**
 * Reads logs to their end for their sessions alone: nothing is measured.
 * @param sessionIds whether the answer has the ids of sessions
 */
export async function readSessions(
  files: readonly string[],
  options: ReadOptions,
  io: Io,
  sessionIds: boolean,
): Promise<ReadSessions> {
  const asked = { usage: 'sessions', sessionIds } as const;
  await refuseUnsafeAnswer(files, options.config, io);
  const read = await readAlone(files, options, io, (config) => ({ config, options: asked }));
  const { pipeline, config, messages, conclude } = read;
  return { usage: pipeline?.usage, sessionMaxAge: config.metrics.sessionMaxAge, messages, conclude };
}

/** Why there is no row: all that restricts which there are. @param having conditions on sessions */
export function noSessionText(
  { since, until, where = [] }: ReadOptions,
  having: readonly string[] = [],
): string {
  const restrictions = [
    ...(since === undefined ? [] : [`--since ${since}`]),
    ...(until === undefined ? [] : [`--until ${until}`]),
    ...where.map((condition) => `--where '${condition}'`),
    ...having.map((condition) => `--having '${condition}'`),
  ];
  if (restrictions.length === 0) return 'there is no session: no record that was read tells of one';
  return `no session matched ${restrictions.join(' and ')}`;
}
