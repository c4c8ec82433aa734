import type { Section, SectionName } from './sections.ts';

/** Lines of a page that the next one shows again. */
const OVERLAP = 1;

/** What of the sections a live screen shows: all of them, or one alone, from some row on. */
export class Focus {
  private name: SectionName | undefined;
  private from = 0;
  /** Of the last drawing: the sections that had anything to say, and how many rows of that alone there was room for. */
  private names: readonly SectionName[] = [];
  private page = 1;

  /** The section that stands alone. */
  get alone(): SectionName | undefined {
    return this.name;
  }

  /** Takes a key; gives whether it was one of these. */
  press(key: string): boolean {
    if (key === 'tab') this.turn(1);
    else if (key === 'back tab') this.turn(-1);
    else if (this.name === undefined) return false;
    else if (key === 'escape') this.name = undefined;
    else if (key === 'up' || key === 'k') this.from--;
    else if (key === 'down' || key === 'j') this.from++;
    else if (key === 'page up') this.from -= Math.max(1, this.page - OVERLAP);
    else if (key === 'page down') this.from += Math.max(1, this.page - OVERLAP);
    else if (key === 'home') this.from = 0;
    else if (key === 'end') this.from = Number.POSITIVE_INFINITY;
    else return false;
    return true;
  }

  /**
   * The section that is to be drawn alone, from which row on.
   * @param sections those that have anything to say
   * @param rows that there is room for
   */
  of(sections: readonly Section[], rows: number): { section: Section; from: number } | undefined {
    this.names = sections.map(({ name }) => name);
    this.page = rows;
    const section = sections.find(({ name }) => name === this.name);
    if (section === undefined) return undefined;
    this.from = Math.max(0, Math.min(this.from, section.rows - rows));
    return { section, from: this.from };
  }

  /** To the next section, all of them being one of the places. */
  private turn(by: 1 | -1): void {
    const places = [undefined, ...this.names];
    const at = places.indexOf(this.name);
    this.name = places[(at + by + places.length) % places.length];
    this.from = 0;
  }
}
