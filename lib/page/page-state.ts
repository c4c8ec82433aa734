import { dayOf, dayText } from './format.ts';
import type { DayRange } from './view.ts';

/** What the address says: which view, range, search and order, so that a link shows what its sender saw. */
export interface PageState {
  /** Empty = the one that what came suggests. */
  readonly view: ViewName | '';
  /** `7d`, `30d`, `90d`, `all`, or two days with two points between. */
  readonly range: string;
  readonly search: string;
  /** Column, with a minus for descending; empty = the table's own. */
  readonly sort: string;
  /** From 1. */
  readonly page: number;
  /** Of the metric browser: `source metric`. */
  readonly metric: string;
}

export const viewNames = ['usage', 'users', 'targets', 'ports', 'health', 'metrics'] as const;
export type ViewName = (typeof viewNames)[number];

export const firstState: PageState = {
  view: '',
  range: 'all',
  search: '',
  sort: '',
  page: 1,
  metric: '',
};

/** From a location's hash; what it does not say, or says wrongly, is as at first. */
export function parseState(hash: string): PageState {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const view = viewNames.find((name) => name === words.get('view')) ?? firstState.view;
  const page = Number(words.get('page'));
  return {
    view,
    range: words.get('range') ?? firstState.range,
    search: words.get('search') ?? '',
    sort: words.get('sort') ?? '',
    page: Number.isInteger(page) && page > 0 ? page : 1,
    metric: words.get('metric') ?? '',
  };
}

/** Only what differs from the first state. */
export function printState(state: PageState): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value !== firstState[name as keyof PageState]) words.set(name, String(value));
  }
  const text = words.toString();
  return text === '' ? '#' : `#${text}`;
}

/** The days of a range's text within all there are; all of them where it is none. */
export function daysOf(text: string, whole: DayRange): DayRange {
  const last = /^(\d{1,4})d$/.exec(text);
  if (last !== null) return { from: Math.max(whole.from, whole.to - Number(last[1]) + 1), to: whole.to };
  const [from, to] = text.split('..').map(dayOf);
  if (from === undefined || to === undefined || from > to) return whole;
  return { from, to };
}

export const rangeText = ({ from, to }: DayRange): string => `${dayText(from)}..${dayText(to)}`;
