import t from 'tap';
import { KafkaAccounts } from '../../../lib/inputs/kafka/kafka-accounts.ts';

t.test('what has moved is told once, with all that it came to', async (t) => {
  const accounts = new KafkaAccounts();
  accounts.of('a', 0).records += 2;
  accounts.of('a', 1).lag = 7;
  accounts.of('a', 0).records += 3;
  t.same(
    accounts
      .take()
      .map(({ topic, partition, account: { records, lag } }) => [topic, partition, records, lag]),
    [
      ['a', 0, 5, 0],
      ['a', 1, 0, 7],
    ],
  );
  accounts.of('a', 1).records++;
  const [one] = accounts.take();
  t.same([one?.account.records, one?.account.lag], [1, 7]);
});
