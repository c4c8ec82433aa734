import type { Writable } from 'node:stream';
import { paintOf } from '../../../text/paint.ts';
import type { SortKey } from '../../../usage/group-keys.ts';
import type { HandlerContext } from '../../handler.ts';
import type { Order } from '../order.ts';
import type { Terminal } from '../terminal.ts';
import { factsOf } from './facts.ts';
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
  private sort = 0;

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
        onSort: () => {
          this.sort = (this.sort + 1) % this.sorts.length;
        },
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
    const { usage, ledger, config } = this.context;
    if (usage === undefined || ledger === undefined) return [];
    const facts = factsOf(usage, ledger, config.metrics.sessionMaxAge, this.sorts[this.sort]!);
    return headLines(facts, this.size().columns, paintOf(this.terminal.color));
  }

  private screen(isPaused: boolean): string[] {
    const { rows } = this.size();
    const paint = paintOf(this.terminal.color);
    // what is sorted is users and targets
    const hasSessions = (this.context.usage?.sessions.table.length ?? 0) > 0;
    const sort = hasSessions ? `   s sort (by ${this.sorts[this.sort]})` : '';
    const keys = `q quit   p ${isPaused ? 'go on' : 'pause'}${sort}`;
    const lines = this.lines(2).slice(0, rows - 2);
    while (lines.length < rows - 1) lines.push('');
    return [...lines, paint.dim(keys) + (isPaused ? paint.warning('   paused') : '')];
  }

  /** @param taken rows of the screen that are for something else */
  private lines(taken: number): string[] {
    const { usage, ledger, config } = this.context;
    if (usage === undefined || ledger === undefined) return [];
    const facts = factsOf(usage, ledger, config.metrics.sessionMaxAge, this.sorts[this.sort]!);
    const { columns, rows } = this.size();
    // the prompt and the closing line want to be seen, too
    const room = { columns, rows: rows - Math.max(taken, this.terminal.isTTY ? 3 : 0) };
    return summaryLines(facts, room, paintOf(this.terminal.color), this.top);
  }

  private size(): ScreenSize {
    const { columns = USUAL.columns, rows = USUAL.rows } = this.terminal;
    return { columns: Math.max(columns, SMALLEST.columns), rows: Math.max(rows, SMALLEST.rows) };
  }
}
