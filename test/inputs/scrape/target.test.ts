import t from 'tap';
import { targetsOf } from '../../../lib/inputs/scrape/target.ts';

const one = (text: string) => targetsOf([text])[0]!;

t.test('source_id is host and port, as Prometheus has its instance', (t) => {
  t.match(one('http://op:9000/metrics'), { url: 'http://op:9000/metrics', sourceId: 'op:9000' });
  t.equal(one('https://op/metrics').sourceId, 'op:443');
  t.equal(one('http://[::1]:9000').sourceId, '[::1]:9000');
  const shared = targetsOf(['http://op:9000/a', 'http://op:9000/b?x=1', 'http://other:9000/a']);
  t.same(
    shared.map(({ sourceId }) => sourceId),
    ['op:9000/a', 'op:9000/b?x=1', 'other:9000'],
  );
  t.end();
});

t.test('metrics are at /metrics where nothing else is said', (t) => {
  t.equal(one('http://op:9000').url, 'http://op:9000/metrics');
  t.equal(one('http://op:9000/?a=b').url, 'http://op:9000/?a=b');
  t.equal(one('http://op:9000/federate').url, 'http://op:9000/federate');
  t.end();
});

t.test('a password is sent and never shown', (t) => {
  const target = one('http://us%40er:p%3Ass%zz@op:9000/metrics');
  t.equal(target.authorization, `Basic ${Buffer.from('us@er:p%3Ass%zz').toString('base64')}`);
  t.equal(one('http://a:b%20c@op/').authorization, `Basic ${Buffer.from('a:b c').toString('base64')}`);
  t.equal(target.name, 'http://op:9000/metrics');
  t.equal(target.url, target.name);
  t.equal(one('http://op').authorization, undefined);
  t.throws(() => one('ftp://user:secret@op/'), { code: 'USAGE', message: /not 'ftp:\/\/\*\*\*@op\/'/ });
  t.end();
});

t.test('what is no URL, and one that is named twice, are usage errors', (t) => {
  for (const text of ['localhost:9000', 'op', 'http://', 'file:///etc/passwd', '']) {
    t.throws(() => one(text), { code: 'USAGE' }, text);
  }
  t.throws(() => targetsOf(['http://op', 'http://op/metrics']), { code: 'USAGE', message: /twice/ });
  t.end();
});
