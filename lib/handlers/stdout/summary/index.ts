import type { Writable } from 'node:stream';
import { paintOf } from '../../../text/paint.ts';
import type { SortKey } from '../../../usage/group-keys.ts';
import type { HandlerContext } from '../../handler.ts';
import type { Order } from '../order.ts';
import type { Terminal } from '../terminal.ts';
import { factsOf, type SummaryFacts } from './facts.ts';
import { Focus } from './focus.ts';
import { headLines } from './headline.ts';
import { readKeys } from './keyboard.ts';
import { LiveView } from './live-view.ts';
import { ParagraphsView } from './paragraphs-view.ts';
import { type ScreenSize, summaryLines } from './summary-lines.ts';

/** Where nobody says how large the screen is. */
const USUAL: ScreenSize = { columns: 100, rows: 40 };
const SMALLEST: ScreenSize = { columns: 20, rows: 12 };
/** What the key s goes through. */
const usualSorts: readonly SortKey[] = ['sessions', 'time', 'p95', 'last'];

/**
 * What a person looks at: at most a screen that says who used what for how long and what went wrong. It is written once,
 * at the end; on a terminal that follows a live log it is redrawn in place before, or its head told once a minute.
 */
export class Summary {
  private readonly context: HandlerContext;
  private readonly terminal: Terminal;
  private readonly view: LiveView | ParagraphsView | undefined;
  private readonly sorts: readonly SortKey[];
  private readonly top: number | undefined;
  private readonly focus = new Focus();
  private sort = 0;
  private byMetric = false;

  constructor(
    context: HandlerContext,
    stream: Writable,
    terminal: Terminal,
    { sort, top }: Order<SortKey> = {},
  ) {
    this.sorts = sort === undefined ? usualSorts : [...new Set([sort, ...usualSorts])];
    this.top = top;
    this.context = context;
    this.terminal = terminal;
    if (terminal.live !== undefined) {
      const { onScreen, quit } = terminal.live;
      this.view = new LiveView({
        stream,
        draw: (isPaused) => this.screen(isPaused),
        progress: () => context.ledger?.read.records ?? 0,
        now: () => performance.now(),
        onScreen,
        onQuit: quit,
        onKey: (key) => this.onKey(key),
        readKeys,
      });
    } else if (terminal.isWatched) {
      this.view = new ParagraphsView({
        stream,
        head: () => this.head(),
        progress: () => context.ledger?.read.records ?? 0,
        now: () => performance.now(),
      });
    }
  }

  /** Gives the screen back; the last state, for it to stay. */
  end(): string {
    this.view?.stop();
    return `${this.lines(0).join('\n')}\n`;
  }

  private head(): string[] {
    const facts = this.facts();
    return facts === undefined ? [] : headLines(facts, this.size().columns, paintOf(this.terminal.color));
  }

  private screen(isPaused: boolean): string[] {
    const { columns, rows } = this.size();
    const paint = paintOf(this.terminal.color);
    const lines = this.lines(2, this.focus).slice(0, rows - 2);
    while (lines.length < rows - 1) lines.push('');
    const state = isPaused ? '   paused' : '';
    return [
      ...lines,
      paint.dim(this.keys(isPaused, columns - state.length)) + (isPaused ? paint.warning(state) : ''),
    ];
  }

  /** What keys there are, as many of them as there is room for. */
  private keys(isPaused: boolean, columns: number): string {
    const { alone } = this.focus;
    const sorted = this.sorted();
    const sort = sorted === 'series' ? (this.byMetric ? 'metric' : 'source') : this.sorts[this.sort];
    const keys = [
      'q quit',
      `p ${isPaused ? 'go on' : 'pause'}`,
      ...(sorted !== undefined ? [`s sort (by ${sort})`] : []),
      ...(alone === undefined ? ['tab one section'] : ['tab next', '↑↓ scroll', 'esc all']),
    ];
    while (keys.length > 1 && keys.join('   ').length > columns) keys.pop();
    return keys.join('   ');
  }

  private onKey(key: string): boolean {
    if (key !== 's') return this.focus.press(key);
    const sorted = this.sorted();
    if (sorted === 'series') this.byMetric = !this.byMetric;
    else if (sorted === 'groups') this.sort = (this.sort + 1) % this.sorts.length;
    return sorted !== undefined;
  }

  /** Of what is shown, what can be sorted: users and targets, or the series of metrics events. */
  private sorted(): 'groups' | 'series' | undefined {
    const { alone } = this.focus;
    if (alone === 'ports' || alone === 'modules') return undefined;
    const { usage } = this.context;
    const hasSessions = (usage?.sessions.table.length ?? 0) > 0;
    if (alone === 'series' || (alone === undefined && !hasSessions)) {
      return (usage?.events.byType.size ?? 0) > 0 ? 'series' : undefined;
    }
    return 'groups';
  }

  private facts(): SummaryFacts | undefined {
    const { usage, ledger, config } = this.context;
    if (usage === undefined || ledger === undefined) return undefined;
    return factsOf(usage, ledger, config.metrics.sessionMaxAge, {
      sort: this.sorts[this.sort]!,
      byMetric: this.byMetric,
      inFull: this.focus.alone !== undefined,
    });
  }

  /**
   * @param taken rows of the screen that are for something else
   * @param focus may show one section alone
   */
  private lines(taken: number, focus?: Focus): string[] {
    const facts = this.facts();
    if (facts === undefined) return [];
    const { columns, rows } = this.size();
    // the prompt and the closing line want to be seen, too
    const room = { columns, rows: rows - Math.max(taken, this.terminal.isTTY ? 3 : 0) };
    return summaryLines(facts, room, paintOf(this.terminal.color), this.top, focus);
  }

  private size(): ScreenSize {
    const { columns = USUAL.columns, rows = USUAL.rows } = this.terminal;
    return { columns: Math.max(columns, SMALLEST.columns), rows: Math.max(rows, SMALLEST.rows) };
  }
}
