import fc from 'fast-check';
import t from 'tap';
import {
  isSecretName,
  shownHeaders,
  shownUrl,
  withoutCredentials,
  withoutSecrets,
} from '../../lib/text/secrets.ts';
import { holds } from '../helpers/holds.ts';

t.test('a URL as it may be shown', async (t) => {
  for (const [url, shown] of [
    ['http://collector:4318/v1/logs', 'http://collector:4318/v1/logs'],
    ['http://user:pw@collector:4318/v1/logs', 'http://***@collector:4318/v1/logs'],
    ['http://token@collector/', 'http://***@collector/'],
    ['https://h/p?api_key=abc&x&y=', 'https://h/p?api_key=***&***&y=***'],
    ['https://h/p?a=b#token=c', 'https://h/p?a=***'],
    ['https://h/p?mail=a@b', 'https://h/p?mail=***'],
    ['http://u:p@[::1]:9000/metrics', 'http://***@[::1]:9000/metrics'],
    ['http://user:1/2@h:9000/metrics', 'http://***@h:9000/metrics'],
    // no URLs, though meant as such
    ['http://user:pw@h:431800/v1/logs', 'http://***@h:431800/v1/logs'],
    ['http://user:a/pw@h:9000/metrics', 'http://***@h:9000/metrics'],
    ['http://user:a?pw@h:9000/metrics', 'http://***@h:9000/metrics'],
    ['user:pw@h:4318/v1/logs', '***@h:4318/v1/logs'],
    ['h:4318/v1/logs?key=1', 'h:4318/v1/logs?key=***'],
    ['', ''],
  ] as const) {
    t.equal(shownUrl(url), shown, url);
  }
});

t.test('no password of any URL is shown', async (t) => {
  const password = fc
    .string({ minLength: 8, maxLength: 20 })
    .map((text) => `S3${text.replace(/\s/g, '')}CRET`);
  const url = fc
    .record({
      scheme: fc.constantFrom('http://', 'https://', 'ftp://', ''),
      password,
      host: fc.constantFrom('h', '127.0.0.1', '[::1]', 'h:99999999'),
      rest: fc.constantFrom('', '/', '/v1/logs', '/a?b'),
    })
    .map(({ scheme, password, host, rest }) => ({
      password,
      text: `${scheme}user:${password}@${host}${rest}`,
    }));
  const leaks = ({ password, text }: { password: string; text: string }) =>
    shownUrl(text).includes(password) || /S3.*CRET/.test(shownUrl(text));
  t.doesNotThrow(() =>
    holds(
      t,
      fc.property(url, (made) => !leaks(made)),
    ),
  );
});

t.test('names of secrets', async (t) => {
  t.same(
    ['password', 'saslPassword', 'X-Api-Key', 'token', 'Authorization', 'sig'].map(isSecretName),
    new Array(6).fill(true),
  );
  t.same(
    ['user', 'path', 'source', 'design', 'metricFilter', 'author'].map(isSecretName),
    new Array(6).fill(false),
  );
  t.equal(shownHeaders('authorization=Bearer%20abc, x-scope=1,bare'), 'authorization=***,x-scope=***,***');
});

t.test('messages and lines of others', async (t) => {
  t.equal(
    withoutCredentials('cannot reach http://u:p@h:1/x?k=v: connection refused; see (https://a:b@c).'),
    'cannot reach http://***@h:1/x?k=***: connection refused; see (https://***@c).',
  );
  t.equal(withoutCredentials('ctrl.yml:12:7: user@corp is no name'), 'ctrl.yml:12:7: user@corp is no name');
  t.equal(withoutCredentials('not user:pw@h:4318'), 'not ***@h:4318');
  for (const [line, shown] of [
    [
      '  otelLogExportUrl: "http://u:p@h/v1/logs" # prod',
      '  otelLogExportUrl: "http://***@h/v1/logs" # prod',
    ],
    ['sasl: { mechanism: plain, password: "a b, c" }', 'sasl: { mechanism: plain, password: *** }'],
    ['  apiToken: abc', '  apiToken: ***'],
    ['{"access_token":"abc","n":1}', '{"access_token":***,"n":1}'],
    ['Authorization: Bearer abcdefghij', 'Authorization: *** ***'],
    ['path: /var/log/metrics.log', 'path: /var/log/metrics.log'],
  ] as const) {
    t.equal(withoutSecrets(line), shown, line);
  }
});

t.test('time grows with the length alone', async (t) => {
  for (const part of ['a', 'a:', 'token', 'http://', 'a:b@', '"']) {
    const started = process.cpuUsage().user;
    withoutSecrets(part.repeat(100_000));
    // a square of the length would take minutes
    t.ok(process.cpuUsage().user - started < 20e6, part);
  }
});
