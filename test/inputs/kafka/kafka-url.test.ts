import t from 'tap';
import { MirrormonError } from '../../../lib/errors.ts';
import { isKafkaUrl } from '../../../lib/inputs/kafka/is-kafka-url.ts';
import { withUrl } from '../../../lib/inputs/kafka/kafka-url.ts';
import { kafkaDefaults } from './cluster.ts';

const read = (url: string, configured = kafkaDefaults) => withUrl(url, configured);

t.test('brokers, topics and where to begin and end', async (t) => {
  t.match(read('kafka://a:1,b:2/x,y.z?start=6h&end=latest&partitions=0,3&isolation=read_uncommitted'), {
    brokers: ['a:1', 'b:2'],
    topics: ['x', 'y.z'],
    start: '6h',
    end: 'latest',
    partitions: [0, 3],
    isolation: 'read_uncommitted',
  });
  const configured = { ...kafkaDefaults, brokers: ['c:9'], topics: ['other'], end: 'latest' as const };
  t.same(read('kafka:///x', configured), { ...configured, topics: ['x'] }, 'all else as configured');
  t.ok(isKafkaUrl('kafka://a/b') && isKafkaUrl('KAFKA://a/b'));
  t.notOk(isKafkaUrl('kafka.log') || isKafkaUrl('logs/kafka:1'));
});

t.test('what is wrong is told with what would be right, and credentials are not shown', async (t) => {
  const cases: [string, RegExp][] = [
    ['kafka:a/b', /is no address of a Kafka topic; write kafka:\/\/HOST/],
    ['kafka://a', /is no address of a Kafka topic/],
    ['kafka://a/', /names no topic/],
    ['kafka://a/b c', /'b c' cannot be the name of a topic/],
    ['kafka:///b', /names no broker/],
    ['kafka://a/b?ends=latest', /has no option ends; did you mean end\?/],
    ['kafka://a/b?start=soon', /cannot start at 'soon'/],
    ['kafka://a/b?end=now', /end is never or latest/],
    ['kafka://a/b?isolation=none', /read_committed or read_uncommitted/],
    ['kafka://a:99999/b', /'a:99999' is no address of a broker; write kafka:\/\/HOST/],
    ['kafka://a:0/b', /'a:0' is no address of a broker/],
    ['kafka://a,,b/b', /'' is no address of a broker/],
    ['kafka://a/%zz', /'%zz' cannot be the name of a topic/],
    ['kafka://a/b?partitions=', /'' is no list of partitions/],
    ['kafka://a/b?partitions=0,x', /'0,x' is no list of partitions/],
    ['kafka://me:secret@a/b', /^kafka:\/\/…@a\/b: holds credentials.*kafka\.sasl/],
  ];
  for (const [url, text] of cases) {
    try {
      read(url);
      t.fail(url);
    } catch (error) {
      const told = error instanceof MirrormonError ? error.describe() : String(error);
      t.match(told, text, url);
      t.notMatch(told, /secret/);
    }
  }
});
