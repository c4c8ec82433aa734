import { DamagedBytes } from './byte-reader.ts';
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
}

export function aboutSection(about: About): Buffer {
  return Buffer.from(JSON.stringify(about));
}

/** @throws {DamagedBytes} */
export function aboutOf(sections: Sections): About {
  const bytes = sections.get('about');
  if (bytes === undefined) throw new DamagedBytes('it does not say what it is of');
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw new DamagedBytes('what it says of itself is no JSON');
  }
}
