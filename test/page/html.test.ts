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

t.test('pieces come back, whether they repeat themselves, have runs or neither', async (t) => {
  const pieces = [
    Uint8Array.from({ length: 5000 }, (_, k) => k % 7),
    new Uint8Array(5000),
    Uint8Array.from({ length: 5000 }, (_, k) => (k * k * 31) % 251),
    new Uint8Array(5000).fill(1),
    new Uint8Array(0),
  ];
  const html = await reportPage('t', pieces);
  const data = /id="data">([^<]*)</.exec(html)![1]!;
  t.same(inflateSync(denseBytes(data)), Buffer.concat(pieces));
  t.ok(data.length < 8000, 'what has runs takes hardly anything');
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
