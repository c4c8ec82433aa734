import { createRequire } from 'node:module';
import { StringDecoder } from 'node:string_decoder';
import { LF } from '../../text/bytes.ts';

export interface Token {
  readonly name: string;
  readonly value?: unknown;
}

type Tokenize = (text: string) => { readonly values?: readonly Token[] } | symbol;

const require = createRequire(import.meta.url);

/**
 * More than the tokenizer ever waits for before it calls a literal or an escape wrong. Behind a line feed white space
 * changes nothing, so this makes an error show before the next line begins.
 */
const IMPATIENCE = ' '.repeat(17);

/** stream-json's tokenizer of concatenated JSON, from bytes. It holds no values: strings come in bits, as tokens. */
export class Tokenizer {
  private readonly decoder = new StringDecoder('utf8');
  private readonly tokenize: Tokenize;

  constructor() {
    // Loaded when it is first needed, and without await: most runs never see such input.
    const { jsonParser } = require('stream-json/core/parser.js') as {
      jsonParser(options: object): Tokenize;
    };
    this.tokenize = jsonParser({ packValues: false, streamValues: true, jsonStreaming: true });
  }

  /** Throws if this cannot be JSON. */
  feed(bytes: Uint8Array): readonly Token[] {
    const text = this.decoder.write(bytes);
    return this.feedText(bytes[bytes.length - 1] === LF ? text + IMPATIENCE : text);
  }

  /** The input has ended: what waited for its next character. */
  end(): readonly Token[] {
    return this.feedText(`${this.decoder.end()}\n${IMPATIENCE}`);
  }

  feedText(text: string): readonly Token[] {
    const tokens = this.tokenize(text);
    return typeof tokens === 'symbol' ? [] : (tokens.values ?? []);
  }
}
