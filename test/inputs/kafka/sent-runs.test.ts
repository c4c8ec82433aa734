import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import t from 'tap';
import { KafkaAccounts } from '../../../lib/inputs/kafka/kafka-accounts.ts';
import { Places, type Run } from '../../../lib/inputs/kafka/places.ts';
import { receivedRun, SentRuns, toldOf } from '../../../lib/inputs/kafka/sent-runs.ts';
import type { SentRun } from '../../../lib/inputs/kafka/thread-messages.ts';
import { RecordPlaces } from '../../../lib/kafka/record-places.ts';

/** What another thread gets. */
function sent(runs: SentRuns): readonly SentRun[] {
  const { port1, port2 } = new MessageChannel();
  const { list, memory } = runs.take();
  port1.postMessage(list, memory);
  const { message } = receiveMessageOnPort(port2) as { readonly message: readonly SentRun[] };
  port1.close();
  return message;
}

t.test('what is sent piece by piece leads every byte to the same record', async (t) => {
  const [here, there] = [new Places(), new Places()];
  const runs = new SentRuns();
  const add = (run: Run): void => {
    here.add(run);
    runs.add(run);
  };
  const send = (): void => {
    for (const run of sent(runs)) there.add(receivedRun(run));
  };
  const first: Run = { topic: 'a', partition: 1, base: 0, places: new RecordPlaces() };
  add(first);
  first.places.add(0, 5, 1000);
  first.places.add(10, 7, 2000);
  send();
  first.places.add(20, 8, 3000);
  first.places.add(25, 9, 3000);
  const second: Run = { topic: 'b', partition: 0, base: 40, places: new RecordPlaces() };
  add(second);
  second.places.add(0, 0, 1);
  second.places.add(3, 1, 2);
  send();
  t.same(sent(runs), [], 'nothing is sent twice');
  for (let at = 0; at < 60; at++) t.same(there.at(at), here.at(at), `byte ${at}`);
});

t.test('that a piece has ended is told, also where its last chunk said all else', async (t) => {
  const [runs, accounts] = [new SentRuns(), new KafkaAccounts()];
  accounts.of('a', 1).records = 7;
  const { message } = toldOf({ slot: 2, length: 50 }, runs, accounts);
  t.match(message, { chunk: { slot: 2, length: 50, runs: [] }, accounts: [{ account: { records: 7 } }] });
  t.same(toldOf(undefined, runs, accounts), { message: { accounts: [] }, memory: [] });
});
