import { pad, widthOf } from '../../../text/display.ts';
import type { Paint } from '../../../text/paint.ts';
import type { SummaryFacts } from './facts.ts';
import type { Focus } from './focus.ts';
import { headLines } from './headline.ts';
import { type Section, sectionsOf } from './sections.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** From this width on there are two columns of sections. */
const TWO_COLUMNS = 160;
const GUTTER = 4;
/** Lines of a section beside its rows: a blank one and its titles. */
const FRAME = 2;
/** More rows than that nobody reads. */
const MOST_ROWS = 20;

/**
 * The summary, at most a screen of it.
 * @param top rows of each section at most; undefined = as many as the screen has room for
 * @param focus may show one section alone instead
 */
export function summaryLines(
  facts: SummaryFacts,
  { columns, rows }: ScreenSize,
  paint: Paint,
  top?: number,
  focus?: Focus,
): string[] {
  const head = headLines(facts, columns, paint);
  const sections = sectionsOf(facts, focus?.alone === undefined ? top : undefined);
  const alone = focus?.of(sections, rows - head.length - FRAME);
  if (alone !== undefined) {
    const { section, from } = alone;
    return [...head, '', ...section.linesFrom(from, rows - head.length - FRAME, columns, paint)];
  }
  if (facts.records === 0) return ['nothing was read'];
  if (sections.length === 0) {
    return [...head, '', paint.warning('no session, no warning, no metrics event in what was read')];
  }
  const room = rows - head.length;
  if (columns < TWO_COLUMNS || sections.length < 2)
    return [...head, ...stacked(sections, room, columns, paint)];
  const width = Math.floor((columns - GUTTER) / 2);
  const half = Math.ceil(sections.length / 2);
  const left = stacked(sections.slice(0, half), room, width, paint);
  const right = stacked(sections.slice(half), room, width, paint);
  const lines: string[] = [];
  for (let k = 0; k < Math.max(left.length, right.length); k++) {
    lines.push(`${padPainted(left[k] ?? '', width)}${' '.repeat(GUTTER)}${right[k] ?? ''}`.trimEnd());
  }
  return [...head, ...lines];
}

/** Sections one below the other, each with as many rows as it wants or there is room for. */
function stacked(sections: readonly Section[], room: number, width: number, paint: Paint): string[] {
  const given = share(sections, room - FRAME * sections.length);
  return sections.flatMap((section, k) =>
    given[k] === 0 ? [] : ['', ...section.lines(given[k]!, width, paint)],
  );
}

/** Rows by section: first what each wants, in their order, then one more for each in turn. */
function share(sections: readonly Section[], room: number): number[] {
  const given = sections.map(() => 0);
  let left = Math.max(room, sections.length);
  const most = (k: number, bound: number): number => Math.min(sections[k]!.rows, bound);
  for (const bound of [1, undefined, MOST_ROWS]) {
    for (let isMore = true; isMore && left > 0; ) {
      isMore = false;
      sections.forEach((section, k) => {
        if (left <= 0 || given[k]! >= most(k, bound ?? section.wanted)) return;
        given[k]!++;
        left--;
        isMore = true;
      });
    }
  }
  return given;
}

const painting = /\x1b\[\d+m/g;

function padPainted(text: string, width: number): string {
  const wide = widthOf(text.replace(painting, ''));
  return wide >= width ? text : text + pad('', width - wide, 'left');
}
