/**
 * Records that begin nearly as those of the full layout do: env_logger's brackets (`[TIME INFO  target] text`), times with
 * a blank for the T, with a comma, or without a zone, which are taken to be UTC.
 */

const ROOM = 256;
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
  const match = near.exec(line.toString('latin1', 0, ROOM));
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
