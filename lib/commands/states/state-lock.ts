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
      throw new MirrormonError('USAGE', `this state is in use by process ${owner.pid}`, {
        where: state,
        hint: `wait for it, or name another file; if it is none of mirrormon's, remove ${path}`,
      });
    }
    if (owner !== undefined) rmSync(path, { force: true });
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid} ${statusOf(process.pid)?.began ?? ''}\n`);
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

interface Owner {
  readonly pid: number;
  /** When it began, as the system tells it; '' where it does not. */
  readonly began: string;
}

function ownerOf(path: string): Owner | undefined {
  try {
    const [pid, began = ''] = readFileSync(path, 'utf8').trim().split(' ');
    return { pid: Number(pid), began };
  } catch {
    return undefined;
  }
}

/** Another process may have its number by now, as in a container that was started again; one that nobody has buried is dead. */
function isAlive({ pid, began }: Owner): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  const now = statusOf(pid);
  if (now !== undefined) return now.state !== 'Z' && (began === '' || now.began === began);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** undefined where the system has no such file. */
function statusOf(pid: number): { readonly state: string; readonly began: string } | undefined {
  try {
    // behind the name, which may hold blanks and brackets
    const [, fields = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    const words = fields.split(' ');
    return { state: words[0]!, began: words[19]! };
  } catch {
    return undefined;
  }
}
