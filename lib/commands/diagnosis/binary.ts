/** What is no log at all, told by its bytes. */

const kinds: readonly (readonly [magic: string, name: string])[] = [
  ['\x7fELF', 'a program (ELF)'],
  ['MZ', 'a program (PE)'],
  ['\xcf\xfa\xed\xfe', 'a program (Mach-O)'],
  ['\xca\xfe\xba\xbe', 'a program'],
  ['\0asm', 'a program (WebAssembly)'],
  ['\x89PNG', 'an image (PNG)'],
  ['\xff\xd8\xff', 'an image (JPEG)'],
  ['%PDF-', 'a document (PDF)'],
  ['SQLite format 3\0', 'a database (SQLite)'],
  ['PAR1', 'a table (Parquet)'],
];
/** Bytes that are looked at. */
const ROOM = 1024;
/** One in so many that no text has makes it binary. */
const FEW = 20;

/** What data that begins with `head` is, if that is no text; undefined of any text, be it of a foreign encoding. */
export function binaryKind(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, ROOM)).toString('latin1');
  // a hole that a truncated file has before its lines
  const bytes = text.replace(/^\0+(?=[^\0])/, '');
  const known = kinds.find(([magic]) => text.startsWith(magic));
  const odd = bytes.replace(/[^\0-\x08\x0e-\x1a\x1c-\x1f]/g, '').length;
  if (odd * FEW <= bytes.length) return undefined;
  return known?.[1] ?? 'binary data';
}
