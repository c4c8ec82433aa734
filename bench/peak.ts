import { writeSync } from 'node:fs';

// Loaded before the program that is measured: tells its peak memory, in KiB, on descriptor 3 as it ends.
process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
