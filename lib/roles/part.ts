import { DamagedBytes } from '../state/byte-reader.ts';
import { joinSections, type Sections, splitSections } from '../state/state-parts.ts';
import type { Marks } from './watermark.ts';

/** What whoever reads a part of a state has to know beside it. */
export interface PartAbout {
  /** Of the configuration: parts of different ones do not add up. */
  readonly measuring: string;
  /** Into how many shares states are cut. */
  readonly shares: number;
  readonly marks: Marks;
  /** Of what is kept: into how many pieces, */
  readonly pieces?: number | undefined;
  /** the last report, milliseconds since the epoch, */
  readonly reported?: number | undefined;
  /** boundaries of reports that were heard of and not reported, */
  readonly open?: readonly number[] | undefined;
  /** and the offset of the first partial that is not in it. */
  readonly next?: number | undefined;
}

export interface Part {
  readonly about: PartAbout;
  readonly sections: Sections;
}

const ABOUT = 'about';

export function encodePart({ about, sections }: Part): Buffer {
  return joinSections(new Map([[ABOUT, Buffer.from(JSON.stringify(about))], ...sections]));
}

/** @throws {DamagedBytes} for what `encodePart` has not written */
export function decodePart(bytes: Uint8Array): Part {
  const sections = splitSections(bytes);
  const about = sections.get(ABOUT);
  if (about === undefined) throw new DamagedBytes('it does not say what it is of');
  return { about: JSON.parse(Buffer.from(about).toString()), sections };
}
