import { type Member, members, OPEN_BRACE, skipSpace, stringAt } from '../text/json.ts';
import { parseSeconds } from '../text/time.ts';
import type { EventVersion, Instant } from './encode-event.ts';
import { layOut, layouts, timestamp } from './encode-event.ts';
import { quote } from './sorted-members.ts';

/*
 * Events that came in and leave changed. All functions take one record of valid JSON and work on its bytes, so
 * numbers keep every digit and what is not known here survives.
 */

/** The object of an event whose keys can be selected. */
export type KeyHolder = 'metrics' | 'usage';

/** The record with only these keys of its holder; all other bytes stay as they are. */
export function selectKeys(record: Buffer, keys: readonly string[], holder: KeyHolder = 'metrics'): Buffer {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const { key, value } of members(record)) {
    if (stringAt(record, key) !== holder || record[value.start] !== OPEN_BRACE) continue;
    pieces.push(record.subarray(copied, value.start + 1));
    pieces.push(...keptMembers(record, value.start, keys));
    copied = value.end - 1;
  }
  pieces.push(record.subarray(copied));
  return Buffer.concat(pieces);
}

/** The record with another namespace; all other bytes stay as they are. */
export function giveNamespace(record: Buffer, namespace: string): Buffer {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const { key, value } of members(record)) {
    if (stringAt(record, key) !== 'namespace') continue;
    pieces.push(record.subarray(copied, value.start), Buffer.from(quote(namespace)));
    copied = value.end;
  }
  pieces.push(record.subarray(copied));
  return Buffer.concat(pieces);
}

/** What stands between the braces of an object when only some keys stay: the spacing around those that stay, too. */
function keptMembers(record: Buffer, brace: number, keys: readonly string[]): Buffer[] {
  const all = members(record, brace);
  const pieces: Buffer[] = [];
  for (const [index, { key, value }] of all.entries()) {
    if (!keys.includes(stringAt(record, key))) continue;
    const first = pieces.length === 0;
    if (first) pieces.push(record.subarray(brace + 1, all[0]!.key.start));
    const from = first ? key.start : all[index - 1]!.value.end;
    pieces.push(record.subarray(from, value.end));
  }
  const rest = all.at(-1)?.value.end ?? brace + 1;
  pieces.push(record.subarray(rest, skipSpace(record, rest, record.length)));
  return pieces;
}

/**
 * A metrics event in the layout of a version; undefined if the record is not a metrics event.
 * Version 2 has no place for event_src_id, and version 3 gets one only if the event has it: nobody here knows which
 * controller an older event came from.
 */
export function relayOut(record: Buffer, version: EventVersion): Buffer | undefined {
  const fields: Record<string, string | undefined> = Object.create(null);
  const extras: Member[] = [];
  const text = (from: number, to: number) => record.toString('latin1', from, to);
  for (const member of members(record)) {
    const name = stringAt(record, member.key);
    if (layouts[3].includes(name)) fields[name] = text(member.value.start, member.value.end);
    else extras.push(member);
  }
  if (fields.namespace !== '"metrics"' || fields.metric_type === undefined) return undefined;
  fields.version = String(version);
  const written = fields.timestamp;
  const instant = written === undefined ? undefined : readTimestamp(written);
  if (instant !== undefined) fields.timestamp = timestamp(version, instant);
  const unknown = extras.map(({ key, value }) => `,${text(key.start, value.end)}`).join('');
  return Buffer.from(layOut(version, fields, unknown), 'latin1');
}

const rfc3339 = /^"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?([Zz]|[+-]\d\d:\d\d)"$/;
/** The years 0 to 9999, which is what RFC 3339 can say. */
const firstSecond = -62_167_219_200;
const lastSecond = 253_402_300_799;

/** Either version's timestamp; undefined if it is none, and then it is best left as it stands. */
function readTimestamp(json: string): Instant | undefined {
  const match = rfc3339.exec(json);
  if (match !== null) {
    const seconds = parseSeconds(`${match[1]}${match[3]}`.toUpperCase());
    return Number.isNaN(seconds) ? undefined : { seconds, nanos: Number((match[2] ?? '').padEnd(9, '0')) };
  }
  if (!json.startsWith('{')) return undefined;
  const { seconds = 0, nanos = 0 } = JSON.parse(json) as { seconds?: unknown; nanos?: unknown };
  const valid = isWhole(seconds, firstSecond, lastSecond) && isWhole(nanos, 0, 999_999_999);
  return valid ? { seconds, nanos } : undefined;
}

function isWhole(value: unknown, low: number, high: number): value is number {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}
