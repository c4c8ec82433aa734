import { readFileSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { MirrormonError, systemReason } from '../../errors.ts';

/** Says that a process uses a state: a file beside it with the process's number. One of a process that died is taken. */
export class StateLock {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws {MirrormonError} USAGE where another process has it, HANDLER_OPEN where it cannot be made */
  static async take(state: string): Promise<StateLock> {
    const path = `${state}.lock`;
    const owner = ownerOf(path);
    if (owner !== undefined && isAlive(owner)) {
      throw new MirrormonError('USAGE', `this state is in use by process ${owner}`, {
        where: state,
        hint: `wait for it, or name another file; if it is none of mirrormon's, remove ${path}`,
      });
    }
    if (owner !== undefined) rmSync(path, { force: true });
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}\n`);
      await file.close();
    } catch (error) {
      throw new MirrormonError('HANDLER_OPEN', `the state cannot be written: ${systemReason(error)}`, {
        where: state,
        hint: 'name a file in a folder that exists and may be written to',
        cause: error,
      });
    }
    return new StateLock(path);
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function ownerOf(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
