import t from 'tap';
import { formatAddress, isServer, parseAddress } from '../../lib/text/address.ts';

t.test('reads socket addresses', async (t) => {
  const good: [text: string, host: string, port: number][] = [
    ['0.0.0.0:9000', '0.0.0.0', 9000],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['[::]:9000', '::', 9000],
    ['[::1]:65535', '::1', 65535],
    ['[::ffff:10.0.0.1]:80', '::ffff:10.0.0.1', 80],
    ['[fe80::1%eth0]:80', 'fe80::1%eth0', 80],
    [':9000', '', 9000],
    ['localhost:9000', 'localhost', 9000],
    ['metrics.example-1.com:80', 'metrics.example-1.com', 80],
  ];
  for (const [text, host, port] of good) {
    t.same(parseAddress(text), { host, port }, text);
    t.equal(formatAddress({ host, port }), text, `${text} is written alike`);
  }
});

t.test('refuses everything else', async (t) => {
  const bad = [
    '',
    '9000',
    ':',
    'localhost',
    'localhost:',
    'localhost:x',
    'localhost:65536',
    'localhost:-1',
    '::1:9000',
    '[::1]',
    '[::1]9000',
    '[localhost]:9000',
    '[]:9000',
    '256.0.0.1:80',
    '1.2.3:80',
    'a b:80',
    '-a:80',
    'http://localhost:80',
    '127.0.0.1:80/metrics',
    ' :80',
  ];
  for (const text of bad) t.equal(parseAddress(text), undefined, JSON.stringify(text));
});

t.test('addresses of servers have a host, and a port that may be left out', async (t) => {
  for (const text of ['a', 'a:9092', 'broker-1.x:1', '127.0.0.1:9092', '[::1]:9092', '[::1]'])
    t.ok(isServer(text), text);
  for (const text of ['', ':9092', 'a:0', 'a:99999', 'a:b', 'a b', '127.0.0.1:99999', 'x://a:1'])
    t.notOk(isServer(text), text);
});
