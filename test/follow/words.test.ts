import t from 'tap';
import { kubectlWords } from '../../lib/follow/kubectl/words.ts';

const refused = String.raw`"Unhandled Error" err="couldn't get current server API group list: Get \"http://localhost:8080/api\": connect: connection refused"`;
const logged = (second: number, text = refused, severity = 'E') =>
  `${severity}1130 17:58:4${second}.123456   12345 memcache.go:265] ${text}\n`;

t.test('what kubectl says itself is told, once, without what its libraries log', async (t) => {
  const own =
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?';
  t.equal(kubectlWords(`${logged(1)}${logged(2)}${logged(3)}${own}\n`), own);
  t.equal(kubectlWords('error: a\n  error: b\nerror: a\n\n'), 'error: a; error: b');
  t.equal(
    kubectlWords(`${logged(1, 'Use tokens', 'W')}Error from server (NotFound): x`),
    'Error from server (NotFound): x',
  );
});

t.test('of what they log alone, what went wrong', async (t) => {
  const why = `couldn't get current server API group list: Get "http://localhost:8080/api": connect: connection refused`;
  t.equal(kubectlWords(logged(1) + logged(2)), why);
  t.equal(
    kubectlWords(logged(1, 'an error on the server ("unknown")')),
    'an error on the server ("unknown")',
  );
  t.equal(kubectlWords(logged(1, '"Failed \\"so\\"" pod="p"')), 'Failed "so"');
  t.equal(kubectlWords(''), '');
});
