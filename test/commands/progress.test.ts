import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Progress } from '../../lib/commands/progress.ts';
import { Ledger } from '../../lib/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rmSync(folder, { recursive: true }));
const files = ['a\u001b.log', 'b.log'].map((name) => join(folder, name));
for (const file of files) writeFileSync(file, Buffer.alloc(1000));

function progressOf(names: readonly string[]) {
  const ledger = new Ledger();
  let now = 0;
  const progress = new Progress({ stderr: { write: () => {} }, ledger, files: names, now: () => now });
  t.teardown(() => progress.stop());
  return (name: string, bytesRead: number, seconds: number) => {
    now = seconds * 1000;
    ledger.read.records = bytesRead;
    ledger.read.bytes = bytesRead * 10;
    progress.reading({ name, bytesRead, size: 1000 });
    return progress.text();
  };
}

t.test('which file of how many, how far, how fast, how long still', async (t) => {
  const at = progressOf(files);
  t.match(at(files[0]!, 500, 5), /^file 1 of 2, .*a\\x1b\.log 50 %, 500 records, 1\.0 kB\/s, 15s left$/);
  t.match(at(files[1]!, 500, 15), /^file 2 of 2, .*b\.log 50 %, .* 5s left$/);
  t.match(progressOf([files[1]!])(files[1]!, 250, 1), /^\S*b\.log 25 %, .* 3s left$/);
});

t.test('a pattern names no number of files', async (t) => {
  const at = progressOf([join(folder, '*.log')]);
  t.match(at(files[0]!, 500, 5), /^file 1, .* 5s left$/);
  t.notMatch(at(files[1]!, 500, 5), /left/);
});
