import type { Batch } from '../batch/batch.ts';
import { PerTable, type Symbols } from '../batch/symbols.ts';
import type { Field, ReadColumn, Wants } from '../batch/wants.ts';
import type { SubscriptionConfig } from '../config.ts';
import { type LevelFilter, parseLevels } from '../tracing/levels.ts';
import { hasEventField, logField } from '../tracing/record-fields.ts';
import { ByteTable, NO, UNKNOWN, YES } from './byte-table.ts';
import { Expression } from './expression.ts';
import type { Candidates, Selector } from './selector.ts';

/** Levels are three bits. */
const LEVEL_STRIDE = 8;

/** A `logs` subscription: level directives, then an expression on the message, then one per named field; all must hold. */
export class LogSelector implements Selector {
  readonly keys = undefined;
  private readonly levels: LevelFilter | undefined;
  private readonly module: Field;
  private readonly tests: readonly { field: Field; expression: Expression }[];
  /** By module and level. */
  private readonly enabled = new PerTable<Symbols, ByteTable>(() => new ByteTable());
  /** By level, where that alone decides. */
  private readonly enabledLevels: Uint8Array | undefined;

  constructor({ level, messageFilter, fieldFilter = {} }: SubscriptionConfig, wants: Wants) {
    const levels = level === undefined ? undefined : parseLevels(level);
    this.levels = levels;
    if (levels?.needsLevelOnly) {
      this.enabledLevels = Uint8Array.from({ length: LEVEL_STRIDE }, (_, k) =>
        levels.enabled(k, '') ? 1 : 0,
      );
    }
    this.module = logField(wants, 'module');
    const filters = Object.entries(fieldFilter);
    if (messageFilter !== undefined) filters.unshift(['message', messageFilter]);
    this.tests = filters.map(([name, source]) => ({
      field: logField(wants, name),
      expression: new Expression(source),
    }));
  }

  /** What comes first is read of every record; a level alone leaves few, and an expression fewer. */
  get reads(): readonly ReadColumn[] {
    if (this.enabledLevels !== undefined) return [];
    const field = this.levels === undefined ? this.tests[0]?.field : this.module;
    return field === undefined ? [] : [{ what: 'ids', field }];
  }

  select({ batch, rows }: Candidates, to: Uint32Array): number {
    let left = this.selectLevels(batch, rows, to);
    for (const { field, expression } of this.tests) {
      if (left === 0) break;
      left = expression.select(batch.column(field), batch.symbols, to, left, to);
    }
    return left;
  }

  private selectLevels(batch: Batch, rows: Uint32Array, to: Uint32Array): number {
    const { levels, enabledLevels } = this;
    if (levels === undefined) {
      to.set(rows);
      return rows.length;
    }
    const { level } = batch;
    let left = 0;
    if (enabledLevels !== undefined) {
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k]!;
        if (enabledLevels[level[row]!] === 1) to[left++] = row;
      }
      return left;
    }
    const modules = batch.column(this.module).idsOf(rows);
    const enabled = this.enabled.of(batch.symbols);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      if (this.isEnabled(levels, enabled, batch, row, modules[k]!)) to[left++] = row;
    }
    return left;
  }

  private isEnabled(
    levels: LevelFilter,
    enabled: ByteTable,
    batch: Batch,
    row: number,
    module: number,
  ): boolean {
    const level = batch.level[row]!;
    // directives on spans and fields depend on more than level and module, so nothing can be remembered for them
    if (levels.needsSpans) return isEnabledBy(levels, batch, row, batch.symbols.text(module));
    const at = module * LEVEL_STRIDE + level;
    let result = enabled.get(at);
    if (result === UNKNOWN) {
      result = levels.enabled(level, batch.symbols.text(module)) ? YES : NO;
      enabled.set(at, result);
    }
    return result === YES;
  }
}

/** Whether levels let a record through, by all that they may look at. */
export function isEnabledBy(levels: LevelFilter, batch: Batch, row: number, module: string): boolean {
  const level = batch.level[row]!;
  if (!levels.needsSpans) return levels.enabled(level, module);
  const record = batch.object(row);
  return levels.enabled(level, module, spansOf(record), (name) => hasEventField(record, name));
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
