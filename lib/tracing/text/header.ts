/** How a record of tracing's text layouts begins: an RFC 3339 time, a space, the level in five columns, a space. */

export interface TextHeader {
  readonly timestamp: string;
  readonly level: string;
  /** The pretty layout begins its records with two spaces. */
  readonly pretty: boolean;
  readonly ansi: boolean;
  /** Length of the header. */
  readonly end: number;
}

const ESC = '\\x1b\\[';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)';
const level = 'TRACE|DEBUG| INFO| WARN|ERROR';
const header = new RegExp(
  `^( {2})?(?:(${time}) (${level})|${ESC}2m(${time})${ESC}0m ${ESC}[0-9;]+m(${level})${ESC}0m) `,
);

/** Longer than any header. */
const HEADER_ROOM = 96;

/** undefined if the text does not begin like a record. */
export function readHeader(text: string): TextHeader | undefined {
  const match = header.exec(text.length > HEADER_ROOM ? text.slice(0, HEADER_ROOM) : text);
  if (match === null) return undefined;
  const [whole, indent, timestamp, plain, colored, coloredLevel] = match;
  return {
    timestamp: (timestamp ?? colored)!,
    level: (plain ?? coloredLevel)!.trimStart(),
    pretty: indent !== undefined,
    ansi: colored !== undefined,
    end: whole.length,
  };
}

/** The same for a line of bytes. */
export function headerOfLine(line: Buffer): TextHeader | undefined {
  const first = line[0];
  // A digit, a space or an escape: most other lines are told apart by one byte.
  if (first === undefined || (first !== 0x20 && first !== 0x1b && (first < 0x30 || first > 0x39)))
    return undefined;
  return readHeader(line.toString('latin1', 0, HEADER_ROOM));
}

/**
 * Records that begin nearly like those of the full layout: env_logger's brackets (`[TIME INFO  target] text`), times with a
 * blank for the T, with a comma, or without a zone, which are taken to be UTC.
 */
const NEAR_ROOM = 256;
const near = new RegExp(
  [
    String.raw`^(?<bracket>\[)?(?<date>\d{4}-\d\d-\d\d)[T ](?<time>\d\d:\d\d:\d\d)(?:[.,](?<fraction>\d{1,9}))?`,
    String.raw` ?(?<zone>Z|UTC|[+-]\d\d:?\d\d)? +(?<level>TRACE|DEBUG|INFO|WARN|ERROR)`,
    String.raw`(?: +(?<target>[A-Za-z_][\w.:-]*?))?(?<end>\]|:(?= )|(?=[{]))`,
  ].join(''),
);

/** The line as the full layout has it; undefined if it is none of these, or is that already. */
export function withFullHeader(line: Buffer): Buffer | undefined {
  const first = line[0]!;
  // a bracket or a digit
  if (first !== 0x5b && (first < 0x30 || first > 0x39)) return undefined;
  const match = near.exec(line.toString('latin1', 0, NEAR_ROOM));
  if (match === null) return undefined;
  const { bracket, date, time, fraction, zone = 'Z', level = '', target, end } = match.groups!;
  if ((bracket !== undefined) !== (end === ']') || (target === undefined && end !== ']')) return undefined;
  const offset =
    zone === 'Z' || zone === 'UTC' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(zone.length === 5 ? 3 : 4)}`;
  const instant = `${date}T${time}${fraction === undefined ? '' : `.${fraction}`}${offset}`;
  const source = target === undefined ? '' : ` ${target}${end === ']' ? ':' : ''}`;
  const rest = line.subarray(match[0].length - (end === ':' ? 1 : 0));
  return Buffer.concat([Buffer.from(`${instant} ${level.padStart(5)}${source}`), rest]);
}
