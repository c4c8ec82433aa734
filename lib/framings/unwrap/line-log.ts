/**
 * Any line of a log to its records: what wraps it is taken off, layer by layer, as each line itself tells; pieces of a
 * line are joined. Lines tell for themselves, so a log may change its framing amid.
 */

import { timeWithin, timeWithoutYear } from '../../text/any-time.ts';
import { asBuffer, LF } from '../../text/bytes.ts';
import { locate, OPEN_BRACE, OPEN_BRACKET, QUOTE, toOneLine } from '../../text/json.ts';
import { parseTimestamp } from '../../text/time.ts';
import { textOfUtf16, utf16Of } from '../../text/utf16.ts';
import { headerOfLine, withFullHeader } from '../../tracing/text/header.ts';
import type { MadeFrames, Place } from '../made-frames.ts';
import { beginsMember, behindSource, behindTime, firstObject } from '../prefix.ts';
import { unwrapCri } from './cri.ts';
import { entriesOf, isDocument, lineOfArray } from './documents.ts';
import { firstText } from './glued-texts.ts';
import { isObject, isText, type JsonObject, parsedOf } from './json-object.ts';
import { KnownShapes } from './known-shape.ts';
import { below, type Layers, outermost, partOf, timeOr } from './layers.ts';
import { withEscapes } from './lost-escapes.ts';
import { without } from './merge-fields.ts';
import { SCOPE_NAME } from './otlp-record.ts';
import { type Partial, Partials } from './partials.ts';
import { type Source, sourceOfLabels, sourceOfPrefix } from './pod-source.ts';
import { Prefixes } from './prefixes.ts';
import { quotedRecord } from './quoted.ts';
import { isRecord, logShape, type Shape, shapeOf, timeBeside } from './shapes.ts';
import { piecesOf } from './split.ts';
import { StreamRecords, type StreamRecordsOptions } from './stream-records.ts';
import { isSurelyRecord, mayHoldAnother } from './sure-record.ts';
import { withoutMarks, withoutSequences } from './terminal-marks.ts';

/** Wrappings within wrappings, which no log has more of. */
const MOST_LAYERS = 8;
/** Documents and lists within one another, on the way to records. */
const MOST_NESTED = 16;
/** What can follow the bracket of a JSON array; `[pod/…] ` and `[INFO] ` do not look like that. */
const arrayBegins = /^\[\s*[[{"\]]/;

export interface LineLogOptions extends StreamRecordsOptions {
  /** Whose objects with a text `log` wrap a line for sure. */
  readonly log?: 'docker' | 'fluentd' | undefined;
  /** Milliseconds since the epoch: tells the year of times that leave it out. */
  readonly now: () => number;
}

export class LineLog {
  private readonly options: LineLogOptions;
  private readonly made: MadeFrames;
  private readonly prefixes = new Prefixes();
  private readonly known = new KnownShapes();
  private readonly records: StreamRecords;
  readonly partials: Partials<Layers>;

  constructor(options: LineLogOptions) {
    this.options = options;
    this.made = options.made;
    this.records = new StreamRecords(options);
    this.partials = new Partials(options.limit, {
      whole: (content, layers) => this.content(content, layers),
      tooLong: (place, length) => this.made.rejectTooLong(place, length),
    });
  }

  /** Whether a record waits for further lines. */
  get waiting(): boolean {
    return !this.partials.empty || this.records.waiting;
  }

  /**
   * Where the first record begins that waits for further lines; undefined if none does, or what came behind its beginning is
   * a record already.
   */
  get waitingFrom(): number | undefined {
    const first = Math.min(this.partials.openFrom ?? Number.POSITIVE_INFINITY, ...this.records.openFrom);
    return Number.isFinite(first) && this.made.furthest <= first ? first : undefined;
  }

  /** Whether a text record waits among the lines that nothing wraps. */
  get textIsOpen(): boolean {
    return this.records.isOpen('');
  }

  /** A line of the input, without its LF. */
  read(line: Buffer, place: Place): void {
    this.line(line, outermost(place));
  }

  /** A value of a JSON document; `value` is undefined if it is one object that is surely a record, or no JSON. */
  readValue(bytes: Buffer, value: unknown, place: Place, source: Source | undefined): void {
    const layers = { ...outermost(place), source };
    if (value === undefined) this.records.add(onOneLine(bytes), layers);
    else this.value(onOneLine(bytes), value, layers);
  }

  /** Text records that wait are complete. */
  endTexts(): void {
    this.records.end();
  }

  /** A text out of a wrapping: a line, or several. */
  private content(content: Buffer, layers: Layers): void {
    const text = content.at(-1) === LF ? content.subarray(0, -1) : content;
    if (text.indexOf(LF) < 0) {
      this.line(text, layers);
      return;
    }
    if (text[0] === OPEN_BRACE && isObject(parsedOf(text.toString()))) {
      this.line(onOneLine(text), layers);
      return;
    }
    let start = 0;
    for (let lf = text.indexOf(LF); lf >= 0; lf = text.indexOf(LF, start)) {
      this.line(text.subarray(start, lf), layers);
      start = lf + 1;
    }
    this.line(text.subarray(start), layers);
  }

  private line(whole: Buffer, layers: Layers): void {
    let line = whole;
    // a hole of a file that was cut under its writer's hands, a mark where files were put together
    while (line[0] === 0 || (line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf))
      line = line.subarray(line[0] === 0 ? leadingNuls(line) : 3);
    if (line.length === 0 || layers.depth > MOST_LAYERS) {
      // a single one is half of a line feed in UTF-16
      if (whole.length > line.length + 1) this.made.reject('bad-framing', layers.place);
      else if (whole.length === line.length) this.records.text(line, layers);
      return;
    }
    if ((line[1] === 0 || line[0] === 0xff) && utf16Of(line) === 'little') {
      this.line(Buffer.from(textOfUtf16(line, 'little')), { ...below(layers), joined: true });
      return;
    }
    if (line[0] === OPEN_BRACE) this.object(line, layers);
    else if (!this.records.simpleText(line, layers)) this.notSimple(line, layers);
  }

  /** Neither an object nor a text record that is complete by itself. */
  private notSimple(line: Buffer, layers: Layers): void {
    const plain = withoutMarks(line);
    if (plain !== undefined) this.line(plain, { ...below(layers), joined: true });
    else if (headerOfLine(line) !== undefined) this.texts(line, layers);
    else if (line[0] === OPEN_BRACKET && arrayBegins.test(line.toString('latin1', 0, 64)))
      this.array(line, layers);
    else this.prefixed(line, layers);
  }

  private prefixed(line: Buffer, layers: Layers): void {
    const cri = unwrapCri(line);
    if (cri !== undefined) {
      const { stream, content, more } = cri;
      const time = timeWithin(line.toString('latin1', 0, 64));
      this.piece(content, more, { ...below(layers), stream: `${layers.stream}${stream}`, time });
      return;
    }
    const source = behindSource(line, 0, line.length);
    if (source > 0) {
      const text = line.toString('latin1', 0, source);
      const named = this.options.names ? sourceOfPrefix(text) : undefined;
      this.line(line.subarray(source), { ...below(layers), stream: text, source: named ?? layers.source });
      return;
    }
    const time = behindTime(line, 0, line.length);
    if (time > 0) {
      this.line(line.subarray(time), {
        ...below(layers),
        time: timeWithin(line.toString('latin1', 0, time)),
      });
      return;
    }
    const full = nearRecord(line);
    if (full !== undefined) {
      this.line(full, { ...below(layers), joined: true });
      return;
    }
    const text = this.prefixes.learn(line);
    const escaped = text > 0 ? undefined : withEscapes(line);
    if (escaped !== undefined) {
      this.line(escaped, { ...below(layers), joined: true });
      return;
    }
    const quoted = quotedRecord(line, text > 0 ? text : line.length);
    if (quoted !== undefined) {
      // bare lines do not go on with it
      const stream = `${layers.stream}"`;
      const layer = { ...this.behind(line, quoted.start, layers), stream, joined: true };
      this.content(Buffer.from(quoted.text), layer);
      return;
    }
    const record = this.recordBehind(line, text);
    if (record > 0) this.line(line.subarray(record), this.behind(line, record, layers));
    else this.texts(line, layers);
  }

  /** A line of text records: of one, or of several whose line ends were lost. */
  private texts(line: Buffer, layers: Layers): void {
    for (let left: Buffer | undefined = line; left !== undefined; ) {
      const { first, rest } = firstText(left);
      const isAlone = left === line && rest === undefined;
      this.records.text(first, isAlone ? layers : partOf(first, layers));
      left = rest;
    }
  }

  /**
   * Where the record, or the line of one, begins behind any text; 0 if there is none.
   * @param text where a text record begins, or 0
   */
  private recordBehind(line: Buffer, text: number): number {
    const object = firstObject(line, 0, line.length);
    // what a prefix has in quotes, as syslog's structured data, may begin like an object; text records may hold braces
    if (object < line.length && (text === 0 || (object < text && beginsMember(line, object)))) {
      const known = this.prefixes.behindKnown(line);
      return known > 0 && known < object ? known : object;
    }
    return text > 0 ? text : this.prefixes.behindKnown(line);
  }

  private behind(line: Buffer, at: number, layers: Layers): Layers {
    const prefix = line.toString('latin1', 0, at);
    const told = timeWithin(prefix);
    const time = Number.isNaN(told) ? timeWithoutYear(prefix, this.options.now()) : told;
    return {
      ...below(layers),
      stream: `${layers.stream}${prefix.replace(/\d/g, '0')}`,
      time: Number.isNaN(time) ? layers.time : time,
      source: (this.options.names ? sourceOfPrefix(prefix) : undefined) ?? layers.source,
    };
  }

  private array(line: Buffer, layers: Layers): void {
    const value = parsedOf(line.toString());
    if (!Array.isArray(value)) {
      this.prefixed(line, layers);
      return;
    }
    this.value(line, value, layers);
  }

  /** A value of a JSON document: a record, a wrapping, or what holds many of them. */
  private value(bytes: Buffer, value: unknown, layers: Layers): void {
    if (isText(value)) {
      this.content(Buffer.from(value), below(layers));
    } else if (Array.isArray(value)) {
      const line = lineOfArray(value);
      if (line === undefined) this.entriesWithin(bytes, layers);
      else this.content(Buffer.from(line.text), { ...below(layers), time: timeOr(line.time, layers.time) });
    } else if (isObject(value)) this.parsed(bytes, value, layers);
    else this.records.add(bytes, layers);
  }

  /** Lists within lists hold no records at some depth: a line of brackets must not be followed to its bottom. */
  private entriesWithin(bytes: Buffer, layers: Layers): void {
    if (layers.depth < MOST_NESTED) this.entries(bytes, layers);
    else this.records.add(bytes, layers);
  }

  private entries(bytes: Buffer, layers: Layers): void {
    for (const { span, source, scope } of entriesOf(bytes, { start: 0, end: bytes.length })) {
      const entry = bytes.subarray(span.start, span.end);
      const value = parsedOf(entry.toString());
      const named = scope !== undefined && isObject(value) ? { ...value, [SCOPE_NAME]: scope } : value;
      this.value(entry, named, { ...below(layers), source: source ?? layers.source });
    }
  }

  private object(line: Buffer, layers: Layers): void {
    if (isSurelyRecord(line)) {
      this.whole(line, layers);
      return;
    }
    if (this.knownObject(line, layers)) return;
    const text = line.toString();
    const value = parsedOf(text);
    if (!isObject(value)) this.broken(line, layers);
    else if (text.includes('\ufffd') && !isValid(line)) this.made.reject('invalid-utf8', layers.place);
    else this.parsed(line, value, layers);
  }

  private parsed(line: Buffer, object: JsonObject, layers: Layers): void {
    const shape = layers.depth < MOST_LAYERS ? this.shapeOf(object, layers) : undefined;
    if (shape !== undefined) {
      // a value of a document has lost its line feeds on the way here
      this.known.learn(layers.depth === 0 ? asBuffer(layers.place.bytes) : line, object, shape);
      this.wrapped(line, shape, layers);
    } else if (!isRecord(object) && isDocument(object)) this.entriesWithin(line, layers);
    else {
      const hasTime = isText(object.timestamp) && !Number.isNaN(parseTimestamp(object.timestamp));
      this.records.add(line, hasTime ? layers : { ...layers, time: timeOr(timeBeside(object), layers.time) });
    }
  }

  /**
   * Takes a value of a JSON document that holds a text as others before did.
   * @param source what the document says of where it is from
   */
  readKnown(bytes: Buffer, place: Place, source: Source | undefined): boolean {
    const layers = { ...outermost(place), source };
    const entry = this.known.lokiEntry(bytes);
    if (entry === undefined) return bytes[0] === OPEN_BRACE && this.knownObject(bytes, layers);
    this.content(entry.content, { ...below(layers), time: timeOr(entry.time, layers.time) });
    return true;
  }

  /** Takes an object that wraps a text as one before did. */
  private knownObject(line: Buffer, layers: Layers): boolean {
    if (layers.depth >= MOST_LAYERS || this.options.log !== undefined) return false;
    const found = this.known.read(line);
    if (found === undefined) return false;
    const { shape, held } = found;
    const inside = this.inside(shape, held.time, held.outer, layers);
    this.piece(held.content, false, { ...inside, joined: true });
    return true;
  }

  private shapeOf(object: JsonObject, { depth }: Layers): Shape | undefined {
    const { log } = this.options;
    const said = depth === 0 && log !== undefined ? logShape(object, log) : undefined;
    return said ?? shapeOf(object);
  }

  private wrapped(line: Buffer, shape: Shape, layers: Layers): void {
    const { inner, more = false, dropped } = shape;
    const outer = dropped && without(line, dropped);
    const inside = this.inside(shape, shape.time, outer, layers);
    if ('text' in inner) this.piece(Buffer.from(inner.text), more, { ...inside, joined: true });
    else {
      const span = locate(line, 0, line.length, inner.path)!;
      this.line(onOneLine(line.subarray(span.start, span.end)), inside);
    }
  }

  /** What holds for what a line of that shape holds. */
  private inside(shape: Shape, time: unknown, outer: Buffer | undefined, layers: Layers): Layers {
    const { labels, stream = '' } = shape;
    return {
      ...below(layers),
      stream: `${layers.stream}${stream}`,
      time: timeOr(time, layers.time),
      source: (this.options.names ? sourceOfLabels(labels) : undefined) ?? layers.source,
      outer: outer ?? layers.outer,
    };
  }

  /** A line of a container, or a part of one. */
  private piece(content: Buffer, more: boolean, layers: Layers): void {
    if (more || this.partials.has(layers.stream)) this.partials.take(content, more, layers);
    else this.content(content, layers);
  }

  /** What begins like an object and is none. */
  private broken(line: Buffer, layers: Layers): void {
    const plain = withoutSequences(line);
    if (plain !== undefined) {
      this.line(plain, { ...below(layers), joined: true });
      return;
    }
    // what begins like JSON is rather a damaged record than a line of a message
    if (line[1] !== QUOTE) {
      // labels in braces, as logcli writes them
      const record = this.prefixes.learn(line);
      if (record > 0) {
        this.line(line.subarray(record), this.behind(line, record, layers));
        return;
      }
      if (this.records.goOn(line, layers)) return;
    }
    const pieces = piecesOf(line);
    if (pieces.length === 0 || (pieces.length === 1 && !pieces[0]!.whole)) {
      this.records.add(line, layers);
      return;
    }
    for (const { start, end, whole } of pieces) {
      const piece = line.subarray(start, end);
      const part = partOf(piece, layers);
      if (whole) this.object(piece, part);
      else this.made.reject('invalid-json', part.place);
    }
  }

  /** A record as it stands. */
  private whole(line: Buffer, layers: Layers): void {
    if (!mayHoldAnother(line) || isObject(parsedOf(line.toString()))) this.records.add(line, layers);
    else this.broken(line, layers);
  }
}

/** Lines whose runtime has cut them at the end of one input: the next one goes on with them. */
export type BegunLines = Partial<Layers>[];

/** The line as a text record, if it begins nearly like one and holds no other. */
function nearRecord(line: Buffer): Buffer | undefined {
  const full = withFullHeader(line);
  if (full === undefined) return undefined;
  const object = firstObject(line, 0, line.length);
  return object < line.length && isObject(parsedOf(line.toString('utf8', object))) ? undefined : full;
}

function leadingNuls(line: Buffer): number {
  let at = 0;
  while (line[at] === 0) at++;
  return at;
}

function isValid(line: Buffer): boolean {
  return Buffer.compare(Buffer.from(line.toString()), line) === 0;
}

/** JSON has line feeds between its parts only. */
function onOneLine(json: Buffer): Buffer {
  return json.indexOf(LF) < 0 ? json : toOneLine(json);
}
