import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { giveNamespace, relayOut, selectKeys } from '../../lib/events/encode-passed.ts';
import { toOneLine } from '../../lib/text/json.ts';
import { holds } from '../helpers/holds.ts';
import { fixture } from '../helpers/root.ts';

const select = (text: string, ...keys: string[]) => selectKeys(Buffer.from(text), keys).toString();
const layOut = (text: string, version: 2 | 3) => relayOut(Buffer.from(text), version)?.toString();
const oneLine = (text: string) => toOneLine(Buffer.from(text)).toString();

t.test('unselected members of metrics are cut out, every other byte stays', async (t) => {
  const event = '{"x":9007199254740993,"metrics":{"a":1.50,"b":12345678901234567890,"c":3},"tags":{"a":"b"}}';
  t.equal(select(event, 'b'), '{"x":9007199254740993,"metrics":{"b":12345678901234567890},"tags":{"a":"b"}}');
  t.equal(select(event, 'a', 'c'), event.replace(',"b":12345678901234567890', ''));
  t.equal(select(event, 'a', 'b', 'c'), event);
  t.equal(select(event), event.replace(/"metrics":\{.*?\}/, '"metrics":{}'));
});

t.test('spacing, escapes, and names that only look like metrics', async (t) => {
  t.equal(select(' { "metrics" : { "a" : 1 , "b" : 2 } } ', 'b'), ' { "metrics" : { "b" : 2 } } ');
  t.equal(select('{"metrics":{"p\\u0039":1,"q":2}}', 'p9'), '{"metrics":{"p\\u0039":1}}');
  t.equal(
    select('{"tags":{"metrics":{"a":1}},"metrics":{"a":1,"b":2}}', 'b'),
    '{"tags":{"metrics":{"a":1}},"metrics":{"b":2}}',
  );
  t.equal(select('{"metrics":{"a,\\"}":1,"b":2}}', 'b'), '{"metrics":{"b":2}}');
  t.equal(select('{"metrics":5}', 'b'), '{"metrics":5}');
  t.equal(select('{"metrics":{ }}', 'b'), '{"metrics":{ }}');
});

t.test('keys of usage events are cut alike', async (t) => {
  const event = Buffer.from(
    '{"metrics":{"a":1},"usage":{"egress.rx":9007199254740993, "egress.tx":2},"tags":null}',
  );
  t.equal(
    selectKeys(event, ['egress.rx'], 'usage').toString(),
    '{"metrics":{"a":1},"usage":{"egress.rx":9007199254740993},"tags":null}',
  );
});

t.test(
  'a namespace is replaced at the top alone, wherever it stands and however it is written',
  async (t) => {
    const give = (text: string) => giveNamespace(Buffer.from(text), 'fabric.links').toString();
    t.equal(
      give('{ "id":1e3, "tags":{"namespace":"link"}, "name\\u0073pace" : "link" , "cost": 1.0 }'),
      '{ "id":1e3, "tags":{"namespace":"link"}, "name\\u0073pace" : "fabric.links" , "cost": 1.0 }',
    );
    t.equal(
      give('{"namespace":"link","namespace":"x"}'),
      '{"namespace":"fabric.links","namespace":"fabric.links"}',
    );
    t.equal(give('{"a":"namespace"}'), '{"a":"namespace"}');
    const record = fc.dictionary(fc.string(), fc.jsonValue());
    holds(
      t,
      fc.property(record, fc.boolean(), (before, pretty) => {
        const event = { ...before, namespace: 'link', after: before };
        assert.deepStrictEqual(JSON.parse(give(JSON.stringify(event, null, pretty ? 1 : 0))), {
          ...JSON.parse(JSON.stringify(event)),
          namespace: 'fabric.links',
        });
      }),
      { numRuns: 100 },
    );
  },
);

t.test('property: cutting equals what JSON.parse and a filter of its keys give', async (t) => {
  const json = fc.json({ maxDepth: 3 });
  const objects = fc.dictionary(fc.string(), json);
  holds(
    t,
    fc.property(objects, objects, fc.array(fc.string()), fc.boolean(), (outer, inner, more, pretty) => {
      const metrics = Object.fromEntries(
        Object.entries(inner).map(([key, value]) => [key, JSON.parse(value)]),
      );
      const record = { ...outer, metrics, after: [metrics] };
      const keys = [...more, ...Object.keys(inner).filter((_, index) => index % 2 === 0)];
      const kept = Object.fromEntries(Object.entries(metrics).filter(([key]) => keys.includes(key)));
      const cut = select(JSON.stringify(record, null, pretty ? 2 : undefined), ...keys);
      assert.deepStrictEqual(JSON.parse(cut), JSON.parse(JSON.stringify({ ...record, metrics: kept })));
    }),
    { numRuns: 200 },
  );
});

t.test('events of every layout that controllers have had become each other', async (t) => {
  const v2 = linesOf('events-v2.ndjson');
  const v3 = linesOf('events-v3.ndjson');
  const older = linesOf('events-v3-before-2025.ndjson');
  t.ok(v2.length > 20 && v2.length === v3.length && v2.length === older.length);
  for (const [index, line] of v3.entries()) {
    const unattributed = line.replace(/"event_src_id":"[^"]*",/, '');
    t.equal(layOut(line, 2), v2[index]);
    t.equal(layOut(line, 3), line);
    t.equal(layOut(v2[index]!, 2), v2[index]);
    t.equal(layOut(v2[index]!, 3), unattributed);
    t.equal(layOut(older[index]!, 2), v2[index]);
    t.equal(layOut(older[index]!, 3), unattributed);
  }
});

t.test('a new layout keeps digits, unknown fields and what it cannot read', async (t) => {
  const head = '{"metric_type":"meter","namespace":"metrics"';
  t.equal(
    layOut(`${head},"zone":"é","metrics":{"count":12345678901234567890},"\\u0061":[1, 2]}`, 3),
    '{"namespace":"metrics","metric_type":"meter","version":3,"metrics":{"count":12345678901234567890},"zone":"é","\\u0061":[1, 2]}',
  );
  t.match(layOut(`${head},"timestamp":"yesterday"}`, 2), '"timestamp":"yesterday"');
  t.match(layOut(`${head},"timestamp":{"seconds":1.5}}`, 3), '"timestamp":{"seconds":1.5}');
  t.match(layOut(`${head},"timestamp":{"seconds":1e300}}`, 3), '"timestamp":{"seconds":1e300}');
  t.match(layOut(`${head},"timestamp":{"nanos":5}}`, 3), '"timestamp":"1970-01-01T00:00:00.000000005Z"');
  t.match(
    layOut(`${head},"timestamp":"2026-01-01T01:00:00.5+01:00"}`, 2),
    '"timestamp":{"seconds":1767225600,"nanos":500000000}',
  );
  t.match(
    layOut(`${head},"timestamp":"2025-12-31T23:59:60,5Z"}`, 2),
    '"timestamp":{"seconds":1767225600,"nanos":500000000}',
  );
});

t.test('other records have no layout', async (t) => {
  t.equal(layOut('{"namespace":"circuit","version":2,"metric_type":"meter"}', 3), undefined);
  t.equal(layOut('{"message":"Session Start","namespace":"metrics"}', 3), undefined);
});

t.test('a record becomes one line, its strings untouched', async (t) => {
  t.equal(oneLine('{\r\n  "a b": "c \\" d\t",\n\t"e": [ 1, 2.50 ]\n}'), '{"a b":"c \\" d\t","e":[1,2.50]}');
  holds(
    t,
    fc.property(
      fc.json(),
      (json) => oneLine(JSON.stringify(JSON.parse(json), null, 2)) === JSON.stringify(JSON.parse(json)),
    ),
  );
});

function linesOf(name: string): string[] {
  return readFileSync(fixture('ziti', name), 'utf8').trimEnd().split('\n');
}
