import { MirrormonError } from '../errors.ts';
import { findCases } from './cases/case-folder.ts';
import { judge, type Verdict } from './cases/judge.ts';
import { type VerdictFormat, verdictWriters } from './cases/verdict-writers.ts';
import type { Io } from './io.ts';

export interface TestOptions {
  readonly format: VerdictFormat;
  /** What comes out becomes what is expected. */
  readonly update?: boolean | undefined;
}

/**
 * Runs case folders through the program itself and tells which give what they must.
 * @returns 0 where all pass, 1 where some do not
 * @throws {MirrormonError} USAGE where there is no case
 */
export async function test(
  folders: readonly string[],
  { format, update = false }: TestOptions,
  { stdout, env, program }: Pick<Io, 'stdout' | 'env' | 'program'>,
): Promise<number> {
  const cases = findCases(folders);
  if (cases.length === 0) {
    throw new MirrormonError('USAGE', 'no case found', {
      where: folders.join(', '),
      hint: 'a case is a folder with an input.* (or a command) and what is expected of it',
    });
  }
  const verdicts: Verdict[] = [];
  // one after the other: configurations name ports
  for (const folder of cases) verdicts.push(await judge(folder, { file: program, env }, { update }));
  stdout.write(verdictWriters[format](verdicts));
  return verdicts.some(({ differences }) => differences.length > 0) ? 1 : 0;
}
