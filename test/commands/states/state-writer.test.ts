import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Messages } from '../../../lib/commands/standard-error.ts';
import { StateWriter } from '../../../lib/commands/states/state-writer.ts';
import type { Pipeline } from '../../../lib/pipeline.ts';
import type { DoneInputs } from '../../../lib/state/done-inputs.ts';
import { InputPlaces } from '../../../lib/state/input-places.ts';
import type { Measuring } from '../../../lib/state/measuring.ts';

t.test('each time that a state cannot be written is told once, and its end', async (t) => {
  const folder = join(t.testdir({}), 'states');
  const told: string[] = [];
  const messages = {
    tell: (text: string) => told.push(text),
    warn: (text: string) => !told.includes(text) && told.push(text),
  } as unknown as Messages;
  const pipeline = {
    ledger: { read: { bytes: 0, records: 0 }, reports: 0 },
    positions: async () => ({}),
    state: { goingOn: async () => new Map() },
    kept: async () => {},
  } as unknown as Pipeline;
  const path = join(folder, 'state');
  const writer = new StateWriter({ path, messages, interval: 0 }, {} as Measuring, {});
  const write = async () => {
    await writer.write(pipeline, { done: [], amid: [] } as unknown as DoneInputs, new InputPlaces());
    await writer.written();
  };
  for (let time = 0; time < 2; time++) {
    await write();
    await write();
    await mkdir(folder);
    await write();
    await write();
    await rm(folder, { recursive: true });
  }
  const outage = [
    /no such file or folder.*; the state before it stays$/,
    /state: the state is written again$/,
  ];
  t.equal(told.length, 4, told.join('\n'));
  t.match(told, [...outage, ...outage]);
});
