import t from 'tap';
import { compareEvents, eventsOf } from '../../../lib/commands/cases/compare-events.ts';
import { compareFiles } from '../../../lib/commands/cases/compare-files.ts';
import { Tolerance } from '../../../lib/commands/cases/tolerance.ts';

const exact = new Tolerance();

function event(metric: string, seconds: number, metrics: object, tags?: object) {
  return { namespace: 'metrics', source_id: 's', timestamp: { seconds, nanos: 0 }, metric, metrics, tags };
}

t.test(
  'a difference says which metric, which labels, which key, what was expected and what came',
  async (t) => {
    const want = event('ports', 1711978625, { count: 3, p99: 7 }, { b: '2', action: 'Port Steal' });
    const got = event('ports', 1711978625, { count: 4, max: 9 }, { action: 'Port Steal', b: '2' });
    t.same(compareEvents([want], [got], exact), [
      'ports{action="Port Steal",b="2"} of s at 2024-04-01T13:37:05Z\n' +
        '  count: expected 3, got 4\n  p99: expected 7, got nothing\n  max: expected nothing, got 9',
    ]);
  },
);

t.test('events of a series are paired by time, then in order; what is left over is named', async (t) => {
  const [a, b, c] = [10, 20, 30].map((seconds) => event('size', seconds, { value: seconds }));
  t.same(compareEvents([a!, b!, c!], [c!, a!, b!], exact), [], 'the order of lines is no difference');
  t.same(compareEvents([a!, b!], [b!], exact), ['missing: size of s at 1970-01-01T00:00:10Z: value 10']);
  t.same(compareEvents([b!], [b!, c!], exact), ['not expected: size of s at 1970-01-01T00:00:30Z: value 30']);
  t.match(compareEvents([a!], [{ ...a!, timestamp: { seconds: 11, nanos: 0 } }], exact), [
    /timestamp\.seconds: expected 10, got 11/,
  ]);
  t.match(compareEvents([a!], [{ ...a!, metric: 'sizes' }], exact), [
    /^missing: size /,
    /^not expected: sizes /,
  ]);
});

t.test('a computed identifier counts where it is expected', async (t) => {
  const without = event('size', 10, { value: 1 });
  const other = { ...without, source_event_id: 'x' };
  t.same(compareEvents([without], [other], exact), []);
  t.match(compareEvents([other], [without], exact), [/source_event_id: expected "x", got nothing/]);
});

t.test('a tolerance is relative, and the nearest name counts', async (t) => {
  const by = (text: string) => Tolerance.parse(text, 'tolerance.json');
  t.ok(by('{"p99": 0.1}').admits('m', 'p99', 100, 91));
  t.notOk(by('{"p99": 0.1}').admits('m', 'p99', 100, 89));
  t.notOk(by('{"p99": 0.1, "m.p99": 0}').admits('m', 'p99', 100, 99));
  t.ok(by('{"*": 0.1}').admits('m', 'count', -10, -9.5));
  t.ok(exact.admits('m', 'count', 0, -0));
  for (const wrong of ['[]', '{', '{"p99": "1 %"}', '{"p99": -1}', 'null']) {
    t.throws(() => by(wrong), { code: 'USAGE', where: 'tolerance.json' }, wrong);
  }
  const slip = by('{"p9": 0.1, "count": 1}');
  slip.admits('m', 'p99', 1, 1);
  slip.admits('m', 'count', 1, 1);
  t.same(slip.complaints(), ["no event has the key 'p9'; did you mean 'p99'?"]);
});

t.test('what is no event is compared line by line, and a difference in bytes alone is one', async (t) => {
  t.equal(eventsOf('{"level":"INFO"}\n'), undefined);
  t.same(eventsOf('\n'), []);
  const files = (a: string, b: string, tolerance?: Tolerance) =>
    compareFiles(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'), tolerance);
  t.same(files('a\nb\nc\n', 'a\nx\ny\nc\n'), ['line 2:\n- b\n+ x\n+ y']);
  t.same(files('a\n', 'a\n'), []);
  t.match(files('\xff\n', '\xfe\n'), [/it differs in bytes/]);
  const [line, spaced] = ['{"namespace":"metrics","v":1}\n', '{"namespace":"metrics", "v":1}\n'];
  t.same(files(line, spaced, exact), [], 'by value');
  t.match(files(line, spaced), [/^line 1:/], 'byte by byte');
  const many = files('', Array.from({ length: 30 }, (_, k) => `${k}\n`).join(''));
  t.match(many, [/and 21 more lines|and 20 more lines/]);
});
