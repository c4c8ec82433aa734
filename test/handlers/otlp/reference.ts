import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Test } from 'tap';
import type { AnyValue, KeyValue } from '../../../lib/handlers/otlp/any-value.ts';
import { fixture } from '../../helpers/root.ts';
import type { LogRecord } from './fake-collector.ts';

/*
 * The comparison of what the Rust crates that the Operator is made of exported of 324 records with what we export of the same
 * records' log. Fixtures: records.log.gz, the log in tracing's JSON layout; reference.jsonl.gz, a log record a line as a
 * real collector wrote it, in the same order.
 */

type Reference = Exported & { readonly eventName?: string };

/** A log record as any collector tells it. */
export type Exported = Omit<LogRecord, 'attributes' | 'resource'> & {
  readonly attributes?: readonly KeyValue[];
};

export function lines(name: string): string[] {
  return gunzipSync(readFileSync(fixture('otlp', name)))
    .toString()
    .trimEnd()
    .split('\n');
}

type Pair = readonly [ours: KeyValue[], reference: KeyValue[]];

/** Each deliberate difference in attributes: why it is one, and the pair with it taken out. */
const differences: Readonly<Record<string, (pair: Pair, fields: Readonly<Record<string, unknown>>) => Pair>> =
  {
    'spans: a log has their fields in each record; the crates put them on the spans, which we cannot rebuild, so we keep them':
      ([ours, reference], fields) => [
        ours.filter(({ key }) => (key !== 'span' && key !== 'spans') || Object.hasOwn(fields, key)),
        reference,
      ],
    'equal keys: OTLP wants them unique, so the last one counts, as for everyone who reads the log': ([
      ours,
      reference,
    ]) => [
      ours,
      reference.filter(({ key }, k) => reference.findLastIndex((other) => other.key === key) === k),
    ],
    'NaN and infinities: the log says null': ([ours, reference]) => [
      ours,
      reference.map((attribute) => (isNotFinite(attribute.value) ? { ...attribute, value: {} } : attribute)),
    ],
    'bytes: the log has them as a text': ([ours, reference], fields) => [
      ours,
      reference.map((attribute) =>
        'bytesValue' in attribute.value
          ? { key: attribute.key, value: { stringValue: String(fields[attribute.key]) } }
          : attribute,
      ),
    ],
    'errors: the crates call the field exception.message and lose its name; the log has the name': (
      [ours, reference],
      fields,
    ) => [
      ours,
      reference.map((attribute) => {
        if (attribute.key !== 'exception.message') return attribute;
        const { stringValue } = attribute.value as { stringValue: string };
        return { ...attribute, key: Object.keys(fields).find((key) => fields[key] === stringValue)! };
      }),
    ],
  };

function isNotFinite(value: AnyValue): boolean {
  return 'doubleValue' in value && !Number.isFinite(Number(value.doubleValue));
}

/** 64-bit numbers are texts in our JSON as in the collector's; the order of keys says nothing. */
const canonical = (attributes: readonly KeyValue[]): string =>
  JSON.stringify([...attributes].sort((a, b) => (a.key < b.key ? -1 : 1)));

/** Compares all of the 324 records, in any order. */
export function compareWithReference(t: Test, exported: readonly Exported[]): void {
  const ours = exported.toSorted((a, b) =>
    BigInt(a.timeUnixNano ?? 0) < BigInt(b.timeUnixNano ?? 0) ? -1 : 1,
  );
  const reference = lines('reference.jsonl.gz').map((line) => JSON.parse(line) as Reference);
  const records = lines('records.log.gz').map(
    (line) => JSON.parse(line) as { fields: Record<string, unknown>; spans?: unknown },
  );
  t.equal(ours.length, reference.length);

  t.test('severity, body and scope', async (t) => {
    // a collector writes a missing body as an empty one
    const told = ({ severityNumber, severityText, body, scope }: Exported, name = scope.name) =>
      JSON.stringify([severityNumber, severityText, body ?? {}, name]);
    const apart = ours.flatMap((record, k) => {
      // the crates give all events of the `log` crate that scope; the log knows which module wrote them
      const module = records[k]!.fields['log.target'] as string | undefined;
      const [a, b] = [told(record), told(reference[k]!, module)];
      return a === b ? [] : [`${k}: ${a} but ${b}`];
    });
    t.same(apart.slice(0, 5), []);
  });

  t.test('attributes and their types', async (t) => {
    const met = new Map(Object.keys(differences).map((why) => [why, 0]));
    const apart = ours.flatMap((record, k) => {
      let pair: Pair = [[...(record.attributes ?? [])], [...(reference[k]!.attributes ?? [])]];
      for (const [why, without] of Object.entries(differences)) {
        const before = pair.map(canonical).join();
        pair = without(pair, records[k]!.fields);
        if (pair.map(canonical).join() !== before) met.set(why, met.get(why)! + 1);
      }
      const [a, b] = pair.map(canonical);
      return a === b ? [] : [`${k}: ${a}\nbut ${b}`];
    });
    t.same(apart.slice(0, 5), []);
    for (const [why, count] of met) t.ok(count > 0, `${count} × ${why}`);
  });

  t.test('trace relations', async (t) => {
    const traceOf = new Map<string, string>();
    const counts = { same: 0, related: 0, lost: 0, gained: 0 };
    const apart = ours.flatMap(({ traceId: mine }, k) => {
      const { traceId: theirs } = reference[k]!;
      const record = records[k]!;
      const namesSession = JSON.stringify(record).includes('"session_id"');
      if (mine === undefined && theirs === undefined) return [];
      if (mine === theirs) counts.same++;
      // the id of a trace that began in the Operator stands in no log; sessions are all that can be told of it
      else if (mine === undefined && !namesSession) counts.lost++;
      // a record that names its session belongs to it also if it was written outside of its span
      else if (theirs === undefined && namesSession) counts.gained++;
      else if (mine !== undefined && (traceOf.get(theirs!) ?? mine) === mine) {
        traceOf.set(theirs!, mine);
        counts.related++;
      } else return [`${k}: ${mine} but ${theirs}, ${JSON.stringify(record)}`];
      return [];
    });
    t.same(apart.slice(0, 5), []);
    t.match(counts, { same: 5 }, 'a trace that the client began');
    t.ok(counts.related >= 10, `${JSON.stringify(counts)}: what is one trace there is one here`);
  });

  t.test('what only one of the two can say', async (t) => {
    t.ok(reference.every(({ eventName }) => eventName !== undefined));
    t.notOk(
      ours.some((record) => 'eventName' in record),
      'file and line: the log does not have them',
    );
    t.notOk(reference.some(({ timeUnixNano }) => timeUnixNano !== undefined));
    t.ok(
      ours.every(({ timeUnixNano }) => timeUnixNano !== undefined),
      'the record’s own time: the log has it',
    );
  });
}
