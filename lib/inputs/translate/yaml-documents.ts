/**
 * YAML documents with a record or an entry each, as `gcloud logging read` and `yq` print them, to a line of JSON each. What
 * is no such document stays as it is.
 */

import { isUtf8 } from 'node:buffer';
import { asBuffer, LF } from '../../text/bytes.ts';
import { tooDeepAt } from '../../text/yaml-depth.ts';
import { plainYamlToJson } from './plain-yaml.ts';

type Yaml = typeof import('yaml');

/** Documents of more bytes are no entries of a log. */
const MOST = 1 << 20;
/** Longer than the lines that tell. */
const ROOM = 128;
/** What a document begins with that has no line of dashes before it. */
const keys = ['insertId', 'jsonPayload', 'textPayload', 'timestamp', 'level', 'fields', 'labels', 'logName'];
const dashed = /^---[ \t]*\r?\n(?:- )?["']?[A-Za-z_@][\w.@/-]*["']?:[ \r\n]/;
const maybeDashed = /^(?:-{1,2}|---[ \t]*\r?|---[ \t]*\r?\n(?:- ?)?["']?[\w.@/-]*["']?:?)$/;
const separator = Buffer.from('\n---');

export function isYaml(head: Uint8Array): boolean {
  const text = textOf(head);
  const first = withoutDash(text);
  return (
    dashed.test(text) ||
    keys.some((key) => first.startsWith(`${key}:`) && /^\s/.test(first.slice(key.length + 1)))
  );
}

/** Whether more bytes than these could tell. */
export function mayBeYaml(head: Uint8Array): boolean {
  const text = textOf(head);
  const first = withoutDash(text);
  return text.length < ROOM && (maybeDashed.test(text) || keys.some((key) => `${key}:`.startsWith(first)));
}

const textOf = (head: Uint8Array): string => asBuffer(head).toString('latin1', 0, ROOM);
const withoutDash = (text: string): string => text.replace(/^- ?/, '');

/** The same as lines of JSON. */
export async function* documentsToLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const yaml = await import('yaml');
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let at = 0;
    for (let end = endOf(bytes, at); end >= 0; end = endOf(bytes, at)) {
      lines.push(lineOf(bytes.subarray(at, end), yaml));
      at = end;
    }
    if (lines.length > 0) yield Buffer.concat(lines);
    rest = bytes.subarray(at);
    if (rest.length <= MOST) continue;
    yield rest;
    rest = Buffer.alloc(0);
  }
  if (rest.length > 0) yield lineOf(rest, yaml);
}

/** Where the document ends that begins at `from`: before the line that begins the next; -1 if that has not come. */
function endOf(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(separator, from); at >= 0; at = bytes.indexOf(separator, at + 1)) {
    const next = bytes[at + separator.length];
    if (next === undefined) return -1;
    if (next <= 0x20) return at + 1;
  }
  return -1;
}

function lineOf(document: Buffer, yaml: Yaml): Buffer {
  const json = isUtf8(document) ? entryToJson(document.toString(), yaml) : undefined;
  if (json !== undefined) return Buffer.from(`${json}\n`);
  return document.at(-1) === LF ? document : Buffer.concat([document, Buffer.of(LF)]);
}

/** undefined: it is none. */
function entryToJson(text: string, yaml: Yaml): string | undefined {
  const plain = plainYamlToJson(text);
  if (plain !== undefined) return plain;
  const value = entryOf(text, yaml);
  return typeof value === 'object' && value !== null ? jsonOf(value) : undefined;
}

/** Integers are bigints: they keep their digits. undefined: it is no YAML. */
function entryOf(text: string, yaml: Yaml): unknown {
  const tokens = [...new yaml.Parser().parse(text)];
  if (tokens.some((token) => tooDeepAt(token) !== undefined)) return undefined;
  const composer = new yaml.Composer({ prettyErrors: false, uniqueKeys: false, intAsBigInt: true });
  const [document, second] = composer.compose(tokens);
  if (document === undefined || second !== undefined || document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    // an alias that is none, or stands for too much
    return undefined;
  }
}

function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${jsonOf(inner)}`);
  return `{${members.join(',')}}`;
}
