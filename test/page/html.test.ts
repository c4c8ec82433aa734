import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import t from 'tap';
import { decodeSnapshot, snapshotPieces } from '../../lib/page/columns.ts';
import { denseBytes } from '../../lib/page/dense-text.ts';
import { reportPage, servedPage, servedPolicy } from '../../lib/page/html.ts';
import { year } from './year.ts';

const snapshot = year({ sessions: 100, users: 9, targets: 3, days: 9 });

t.test('a report is one document that asks for nothing', async (t) => {
  const html = await reportPage('a <b> & "c"', snapshotPieces(snapshot));
  t.match(html, '<title>a &#60;b&#62; &#38; &#34;c&#34;</title>');
  t.notMatch(html, /(src|href)="(?!data:)/);
  const data = /<script type="application\/octet-stream" id="data">([^<]*)<\/script>/.exec(html)![1]!;
  t.same(decodeSnapshot(inflateSync(denseBytes(data))), snapshot);
  t.equal(html.match(/<\/script>/g)!.length, 2, 'nothing ends the script but its end');
});

t.test('the policy knows script and style by their hashes', async (t) => {
  const html = await reportPage('t', snapshotPieces(snapshot));
  const policy = /content="([^"]*script-src[^"]*)"/.exec(html)![1]!;
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  t.ok(policy.includes(hash(/<style>(.*?)<\/style>/s.exec(html)![1]!)));
  t.ok(policy.includes(hash(/<script type="module">(.*)<\/script>/s.exec(html)![1]!)));
  t.notMatch(policy, /unsafe|https?:|\*/);
  t.notMatch(policy, 'connect-src');
});

t.test('the served page may ask its own server', async (t) => {
  t.match(servedPage('t'), "connect-src 'self'");
  t.match(servedPolicy(), "frame-ancestors 'none'");
});
