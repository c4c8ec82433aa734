/** Texts as Rust's `{:?}` writes them, which is how tracing's text layouts write every string field. */

const named: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '0': '\0' };
const escapes = /\\(?:u\{([0-9a-f]{1,6})\}|([trn0'"\\]))/g;

/** Behind the closing quote of the string whose opening quote stands at `at`; -1 if it is not closed. */
export function debugStringEnd(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - backslashes > at + 1 && text[quote - backslashes - 1] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return -1;
}

/** The text that a whole debug string stands for; what is no escape of Rust's stays as it is. */
export function readDebugString(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  return inner.replace(escapes, (found, code: string | undefined, letter: string) => {
    if (code === undefined) return named[letter] ?? letter;
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? found : String.fromCodePoint(point);
  });
}

/** What Rust does not print as it is: control, format and unassigned characters, blanks but the space, combining ones. */
const unprintable = /["\\]|(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Grapheme_Extend}]/gu;
const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\t': '\\t',
  '\r': '\\r',
  '\n': '\\n',
  '\0': '\\0',
};

/** A text in quotes, escaped as Rust's `{:?}` does. */
export function writeDebugString(text: string): string {
  return `"${text.replace(unprintable, (c) => short[c] ?? `\\u{${c.codePointAt(0)!.toString(16)}}`)}"`;
}
