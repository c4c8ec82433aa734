import { createRequire } from 'node:module';
import { MirrormonError } from '../../errors.ts';

type Split2 = typeof import('split2');

const require = createRequire(import.meta.url);

/**
 * split2 as a function. Its stream works within the call of write, so all lines can be read behind it. Texts are bytes
 * as latin1, one character for each: that way it neither replaces what is not UTF-8 nor hides how long a line was.
 */
export class LineSplitter {
  private readonly stream: ReturnType<Split2>;

  constructor() {
    // Loaded when it is first needed, and without await: most runs never see such input.
    const split2 = require('split2') as Split2;
    this.stream = split2('\n', { decodeStrings: false });
  }

  /** The lines of a text that ends with a line feed. */
  lines(text: string): string[] {
    const lines: string[] = [];
    let length = 0;
    this.stream.write(text, 'latin1');
    for (let line = this.stream.read(); line !== null; line = this.stream.read()) {
      lines.push(line);
      length += line.length + 1;
    }
    if (length !== text.length) {
      throw new MirrormonError(
        'PIPELINE_BROKEN',
        `of ${text.length} characters, split2 gave ${length} back`,
        {
          hint: 'this is a bug in mirrormon; please report it',
        },
      );
    }
    return lines;
  }
}
