import type { Batch, Column } from '../batch.ts';
import type { SubscriptionConfig } from '../config.ts';
import type { Field, Wants } from '../fields.ts';
import { logField } from '../mirrord/fields.ts';
import { type LevelFilter, parseLevels } from '../mirrord/levels.ts';
import { PerTable, type Symbols } from '../symbols.ts';
import { Expression } from './expression.ts';
import type { Selector } from './selector.ts';

/** Levels are three bits. */
const LEVEL_STRIDE = 8;

/** A `logs` subscription: level directives, then an expression on the message, then one per named field; all must hold. */
export class LogSelector implements Selector {
  readonly keys = undefined;
  private readonly levels: LevelFilter | undefined;
  private readonly module: Field;
  private readonly tests: readonly { field: Field; expression: Expression }[];
  private readonly enabled = new PerTable<Symbols, (boolean | undefined)[]>(() => []);
  private batch!: Batch;
  private modules!: Column;

  constructor({ level, messageFilter, fieldFilter = {} }: SubscriptionConfig, wants: Wants) {
    this.levels = level === undefined ? undefined : parseLevels(level);
    this.module = logField(wants, 'module');
    const filters = Object.entries(fieldFilter);
    if (messageFilter !== undefined) filters.unshift(['message', messageFilter]);
    this.tests = filters.map(([name, source]) => ({
      field: logField(wants, name),
      expression: new Expression(source),
    }));
  }

  bind(batch: Batch): void {
    this.batch = batch;
    this.modules = batch.column(this.module);
  }

  selects(row: number): boolean {
    if (this.levels !== undefined && !this.isEnabled(this.levels, row)) return false;
    for (const { field, expression } of this.tests) {
      if (!expression.matches(this.batch, field, row)) return false;
    }
    return true;
  }

  private isEnabled(levels: LevelFilter, row: number): boolean {
    const { batch } = this;
    const level = batch.level[row]!;
    const module = this.modules.id(row);
    // directives on spans depend on more than level and module, so nothing can be remembered for them
    if (levels.needsSpans)
      return levels.enabled(level, batch.symbols.text(module), spansOf(batch.object(row)));
    const known = this.enabled.of(batch.symbols);
    const at = module * LEVEL_STRIDE + level;
    let result = known[at];
    if (result === undefined) {
      result = levels.enabled(level, batch.symbols.text(module));
      known[at] = result;
    }
    return result;
  }
}

/** The spans that a record was written in, outermost first, by name and fields. */
function spansOf(
  record: Readonly<Record<string, unknown>>,
): { name: string; fields: Record<string, unknown> }[] {
  const { spans, span } = record;
  const list = Array.isArray(spans) ? spans : span === undefined ? [] : [span];
  return list.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { name, ...fields } = entry as Record<string, unknown>;
    return typeof name === 'string' ? [{ name, fields }] : [];
  });
}
