import { widthOf } from './display.ts';

/** A printable text in lines of at most that width, parted at blanks; what is longer is parted where the line ends. */
export function wrapLines(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => pieces(word, width))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Names and labels have no blanks, and are told whole: they part behind a comma if they can. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const found: string[] = [];
  let piece = '';
  for (const character of word) {
    if (widthOf(piece + character) > width) {
      const comma = piece.lastIndexOf(',') + 1;
      const end = comma > width / 2 ? comma : piece.length;
      found.push(piece.slice(0, end));
      piece = piece.slice(end);
    }
    piece += character;
  }
  return [...found, piece];
}
