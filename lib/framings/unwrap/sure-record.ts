import { CLOSE_BRACE, COLON, COMMA, isSpace, OPEN_BRACKET, QUOTE } from '../../text/json.ts';
import { firstObject } from '../prefix.ts';

const recordStart = Buffer.from('{"timestamp":"');
/** No record has it raw: highlights, which another program wrote into it, do. */
const ESC = 0x1b;
const beforeSeconds = recordStart.length + 'YYYY-MM-DDThh:mm'.length;
const levelAt = Buffer.from('","level":"');

/** How tracing's JSON layouts begin a record: nothing else need be asked of most lines. */
export function isSurelyRecord(line: Buffer): boolean {
  for (let k = 0; k < recordStart.length; k++) if (line[k] !== recordStart[k]) return false;
  const quote = line.indexOf(QUOTE, recordStart.length);
  if (quote < 0 || quote > 60 || !hasZone(line, quote)) return false;
  for (let k = 0; k < levelAt.length; k++) if (line[quote + k] !== levelAt[k]) return false;
  return true;
}

/** Whether the text before `quote` ends as times of records do; other times are read in other ways. */
function hasZone(line: Buffer, quote: number): boolean {
  if (line[beforeSeconds] !== COLON) return false;
  const sign = line[quote - 6];
  return line[quote - 1] === 0x5a || (line[quote - 3] === COLON && (sign === 0x2b || sign === 0x2d));
}

/** Whether an object seems to begin in the line elsewhere than where one can within a record, or something follows. */
export function mayHoldAnother(line: Buffer): boolean {
  let end = line.length;
  while (end > 0 && isSpace(line[end - 1])) end--;
  if (line[end - 1] !== CLOSE_BRACE || line.indexOf(recordStart, 1) >= 0 || line.indexOf(ESC) >= 0)
    return true;
  for (
    let at = firstObject(line, 1, line.length);
    at < line.length;
    at = firstObject(line, at + 1, line.length)
  ) {
    const before = line[at - 1];
    if (before !== COLON && before !== COMMA && before !== OPEN_BRACKET) return true;
  }
  return false;
}
