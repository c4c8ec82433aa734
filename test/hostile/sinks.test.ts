import t from 'tap';
import { hostileRecord } from './corpus.ts';
import { closeSinks, runThroughEverySink } from './every-sink.ts';

/** Cases of the whole corpus; a tenth is tried where nobody asks for more with MIRRORMON_HOSTILE=all. */
const ALL = 1_500;
const RECORDS_PER_RUN = 25;
const CASES = process.env.MIRRORMON_HOSTILE === 'all' ? ALL : ALL / 10;

t.teardown(closeSinks);

t.test(`${CASES} hostile records over all sinks together`, { timeout: 600_000 }, async (t) => {
  const wrong: string[] = [];
  for (let first = 0; first < CASES; first += RECORDS_PER_RUN) {
    const records = Array.from({ length: RECORDS_PER_RUN }, (_, k) => hostileRecord(first + k));
    const run = first / RECORDS_PER_RUN;
    const input = { name: `run ${run}`, framing: '' };
    const { faults, ledger } = await runThroughEverySink(
      run,
      (async function* () {
        yield { input, bytes: Buffer.from(records.map((record) => `${record}\n`).join('')) };
      })(),
    );
    const note = (what: string) => wrong.push(`records ${first} to ${first + RECORDS_PER_RUN - 1}: ${what}`);
    for (const fault of faults) note(fault);
    if (ledger.read.records < RECORDS_PER_RUN / 2) note(`only ${ledger.read.records} records were read`);
  }
  t.same(wrong, []);
});
