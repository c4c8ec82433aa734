import { readFileSync } from 'node:fs';

/** The peak of a process's resident memory so far, in KiB; undefined where it has ended, or the system does not say. */
export function peakKibibytes(pid: number | 'self'): number | undefined {
  try {
    const [, mark] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return mark === undefined ? undefined : Number(mark);
  } catch {
    return undefined;
  }
}
