import type { Writable } from 'node:stream';
import { dashboardNames, isDashboardName } from '../dashboards/dashboard-names.ts';
import { dashboardText } from '../dashboards/index.ts';
import { MirrormonError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';

/**
 * Prints what to import. Gives the exit status.
 * @throws {MirrormonError} USAGE for a name that there is not
 */
export async function dashboards(name: string, stdout: Writable): Promise<number> {
  if (!isDashboardName(name)) throw unknown(name);
  const text = await dashboardText(name);
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: NodeJS.ErrnoException | null): void => {
      // a reader that has seen enough (`| head`) is no failure
      if (error && error.code !== 'EPIPE') reject(error);
      else resolve();
    };
    stdout.once('error', settle);
    stdout.write(text, settle);
  });
  return 0;
}

function unknown(name: string): MirrormonError {
  const names = Object.keys(dashboardNames);
  const meant = nearest(name, names);
  return new MirrormonError('USAGE', `there is no dashboard '${name}'`, {
    hint:
      meant === undefined ? `there are ${names.join(', ')}` : `did you mean 'mirrormon dashboards ${meant}'?`,
  });
}
