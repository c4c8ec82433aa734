import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { peakKibibytes } from './resident.ts';

// Loaded before the program that is measured, and by its workers too: tells its peak memory on descriptor 3 as it ends.
// getrusage would also count what the parent held when it forked, so the kernel's own mark goes first.
if (isMainThread) {
  process.on('exit', () => writeSync(3, String(peakKibibytes('self') ?? process.resourceUsage().maxRSS)));
}
