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
