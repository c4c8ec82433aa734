import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readState } from '../../lib/state/state-file.ts';

t.test(
  'what is no state is told as that, however long it is',
  { skip: process.platform === 'win32' },
  async (t) => {
    const log = join(t.testdir(), 'a.log');
    writeFileSync(log, '{"timestamp":"2024-04-01"}\n'.repeat(1000));
    for (const path of [log, '/dev/zero', '/dev/null']) {
      await t.rejects(
        readState(path),
        { code: 'STATE_UNUSABLE', message: 'this is no state of mirrormon' },
        path,
      );
    }
    await t.rejects(readState(t.testdirName), {
      code: 'STATE_UNUSABLE',
      message: /cannot be read: .*a folder/,
    });
  },
);
