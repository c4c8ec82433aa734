import { DamagedBytes } from './byte-reader.ts';
import type { AmidInput, DoneInput } from './done-inputs.ts';
import type { TalliedInput } from './input-tally.ts';
import type { Measuring } from './measuring.ts';
import type { Sections } from './state-parts.ts';

/** What a state says of itself. */
export interface About {
  /** partial: of a run that has ended, to be merged. checkpoint: of one that goes on from it. */
  readonly kind: 'partial' | 'checkpoint';
  /** The version that wrote it. */
  readonly program: string;
  /** When it was written, RFC 3339. */
  readonly written: string;
  /** false: the run failed or was told to end, so something of its inputs may be missing. */
  readonly complete: boolean;
  readonly measuring: Measuring;
  readonly inputs: readonly TalliedInput[];
  /** Of a checkpoint. */
  readonly going?: Going | undefined;
}

/** What only a run that goes on needs. */
export interface Going {
  /** What else of configuration and options decides what is written; texts of it are hashed. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** The files that were read to their end. */
  readonly done: readonly DoneInput[];
  /** Those that were read up to a line. */
  readonly amid: readonly AmidInput[];
}

/** How far outputs have been written, by their names. */
export function positionsSection(positions: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(JSON.stringify(positions));
}

/** @throws {DamagedBytes} */
export function positionsOf(sections: Sections): Readonly<Record<string, unknown>> {
  return jsonOf(sections, 'positions', 'how far its outputs were written');
}

export function aboutSection(about: About): Buffer {
  return Buffer.from(JSON.stringify(about));
}

/** @throws {DamagedBytes} */
export function aboutOf(sections: Sections): About {
  return jsonOf(sections, 'about', 'what it is of');
}

function jsonOf<T>(sections: Sections, name: string, what: string): T {
  const bytes = sections.get(name);
  if (bytes === undefined) throw new DamagedBytes(`it does not say ${what}`);
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw new DamagedBytes(`its ${name} is no JSON`);
  }
}
