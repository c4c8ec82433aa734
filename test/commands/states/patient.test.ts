import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Patient } from '../../../lib/commands/states/patient.ts';

t.test('an item that is late is there when it is asked for again', async (t) => {
  async function* items(): AsyncGenerator<string> {
    yield 'first';
    await sleep(50);
    yield 'late';
  }
  const patient = new Patient(items());
  t.equal((await patient.next(1000))?.value, 'first');
  t.equal(await patient.next(1), undefined);
  t.equal((await patient.next(10_000))?.value, 'late');
  t.equal((await patient.next(10_000))?.done, true);
});

t.test('a failure reaches who asks, and an end without items is one', async (t) => {
  // biome-ignore lint/correctness/useYield: it fails before it gives anything
  async function* failing(): AsyncGenerator<string> {
    await sleep(20);
    throw new Error('gone');
  }
  const patient = new Patient(failing());
  t.equal(await patient.next(1), undefined);
  await t.rejects(patient.next(10_000), /gone/);
});
