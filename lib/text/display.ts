/** Printable texts on a terminal: how wide they are, and how they are shortened and filled up. */

/** Texts of Latin letters, each a column wide: nearly all texts. */
const plain = /^[\x20-\x7e\xa0-\xac\xae-\u024f…]*$/;
let segmenter: Intl.Segmenter | undefined;
/** East Asian wide and fullwidth characters, and pictures: two columns each. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

/** What a reader takes for characters. A segmenter takes a twentieth of a short run to make. */
function graphemes(text: string): string[] {
  if (plain.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns that a printable text takes. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const segment of graphemes(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Cuts the middle out, since what tells names apart (of pods, hosts, ids) stands at both ends. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const characters = graphemes(text);
  const tail = takeWithin(characters.toReversed(), Math.floor((width - 1) / 2)).toReversed();
  const head = takeWithin(characters, width - 1 - widthOf(tail.join('')));
  return `${head.join('')}…${tail.join('')}`;
}

function takeWithin(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let room = width;
  for (const character of characters) {
    room -= widthOf(character);
    if (room < 0) break;
    taken.push(character);
  }
  return taken;
}

/** Fills a text up with spaces; what is too wide already stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + spaces : spaces + text;
}
