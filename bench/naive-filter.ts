import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import split2 from 'split2';

/** W2 as one would write it by hand: records of level INFO whose message begins with Port, parsed and written anew. */

interface LogRecord {
  readonly level: string;
  readonly fields: { readonly message?: unknown };
}

const port = /^Port/;

/** split2 passes on what is not undefined. */
function select(line: string): string | undefined {
  const record = JSON.parse(line) as LogRecord;
  if (record.level !== 'INFO' || !port.test(String(record.fields.message))) return undefined;
  return `${JSON.stringify(record)}\n`;
}

const [, , log = '', output = ''] = process.argv;
await pipeline(createReadStream(log), split2(select), createWriteStream(output));
