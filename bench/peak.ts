import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** KiB. getrusage would also count what the parent held when it forked, so the kernel's own mark goes first. */
function peakMemory(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes);
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS;
}

// Loaded before the program that is measured, and by its workers too: tells its peak memory on descriptor 3 as it ends.
if (isMainThread) process.on('exit', () => writeSync(3, String(peakMemory())));
