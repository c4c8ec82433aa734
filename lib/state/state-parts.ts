import { ByteReader, DamagedBytes } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** What a state begins with. */
export const MAGIC = 'mirrormon state';

/** Whether bytes begin as a state of any version does. */
export function beginsAsState(head: string): boolean {
  return head.startsWith(`${MAGIC} `);
}

/** The parts of a state by their names. */
export type Sections = ReadonlyMap<string, Uint8Array>;

/** Sections as bytes that are not compressed, for states that go through something that does it. */
export function joinSections(sections: Sections): Buffer {
  const to = new ByteWriter();
  for (const [name, bytes] of sections) {
    to.text(name);
    to.whole(bytes.length);
    to.raw(bytes);
  }
  return to.written;
}

/** @throws {DamagedBytes} */
export function splitSections(bytes: Uint8Array): Sections {
  const from = new ByteReader(bytes);
  const sections = new Map<string, Uint8Array>();
  while (!from.isAtEnd) sections.set(from.text(), from.raw(from.whole()));
  return sections;
}

/** A section that every state has. @throws {DamagedBytes} */
export function sectionOf(sections: Sections, name: string): ByteReader {
  const bytes = sections.get(name);
  if (bytes === undefined) throw new DamagedBytes(`it has no ${name}`);
  return new ByteReader(bytes);
}
