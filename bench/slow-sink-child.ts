import { setTimeout as sleep } from 'node:timers/promises';
import { openPipeline, resolveConfig } from '../lib/index.ts';
import { readInputs } from '../lib/inputs/sources.ts';

// Standard input through the whole pipeline into a handler that takes 10 ms a batch; tells on standard output what it did.
const config = await resolveConfig({
  events: { slow: { subscriptions: [{ type: 'logs', level: 'trace' }], handler: { type: 'stdout' } } },
});
const pipeline = openPipeline(config, {
  openHandler: ({ name }) => ({
    name,
    type: 'slow',
    open: async () => {},
    write: async (_flow, picks) => {
      await sleep(10);
      return picks.count;
    },
    close: async () => {},
  }),
});
const fail = (error: Error): void => {
  throw error;
};
await pipeline.run(readInputs([], { stdin: process.stdin, onError: fail }));
await pipeline.close();
const { read, queues, handlers } = pipeline.ledger.toReport(0);
process.stdout.write(JSON.stringify({ read, queues, delivered: handlers.slow?.records.delivered }));
