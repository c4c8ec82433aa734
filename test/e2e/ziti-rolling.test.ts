import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

const capture = fixture('ziti', 'captures', 'metrics-all.ndjson.gz');
const REPEATS = 8;

t.test(
  'a long run leaves the newest backups and the file, each below its limit, no event split or lost',
  async (t) => {
    const folder = t.testdir();
    const config = join(folder, 'c.yml');
    writeFileSync(
      config,
      `events:
  all:
    subscriptions: [{ type: metrics }]
    handler: { type: file, format: json, path: metrics.log, maxsizemb: 1, maxbackups: 2 }
`,
    );
    const args = ['-c', config, '--ledger', 'ledger.json', ...new Array<string>(REPEATS).fill(capture)];
    const { status, stderr } = await mirrormon(args, { cwd: folder });
    t.equal(status, 0, stderr);

    const names = readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort();
    t.equal(names.length, 3, names.join(' '));
    t.equal(names.at(-1), 'metrics.log');
    for (const name of names.slice(0, 2))
      t.match(name, /^metrics-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/);

    const files = names.map((name) => readFileSync(join(folder, name)));
    const whole = gunzipSync(readFileSync(capture));
    const longest =
      Math.max(
        ...whole
          .toString()
          .split('\n')
          .map((line) => Buffer.byteLength(line)),
      ) + 1;
    for (const [k, file] of files.entries()) {
      t.ok(file.length <= 1 << 20, `${names[k]}: ${file.length} bytes`);
      t.equal(file.at(-1), 0x0a, 'whole events');
      if (k < 2) t.ok(file.length > (1 << 20) - longest, 'full but for less than an event');
    }
    const kept = Buffer.concat(files);
    const end = Buffer.concat([whole, whole]).subarray(-kept.length);
    t.ok(kept.equals(end), `the last ${kept.length} bytes that went in, in their order`);

    const { handlers } = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8'));
    t.equal(handlers.all.bytes, REPEATS * whole.length, 'and every byte had been written');
  },
);
