import type { Field, KeyFamily, LabelSet, Path, ShadowedKey } from './field.ts';
import type { KindRule, MeasurePlan, PartialSink, PartialSource } from './measure-plan.ts';

/**
 * What is asked of a record. Everything that reads records (the catalogue, rules, subscriptions, handlers) registers
 * the fields it needs while the pipeline is built; a parser extracts these and nothing else.
 */

export type { Field, KeyFamily, LabelSet, Path, ShadowedKey } from './field.ts';
export { shadowedKeys } from './field.ts';

/** A column: of a field's ids, or of its lists of keys. */
export interface ReadColumn {
  readonly what: 'ids' | 'keys';
  readonly field: Field;
}

/** A column that somebody reads of all records of some kinds: whoever parses ahead may make it there. */
export interface Reading extends ReadColumn {
  /** undefined = all records. */
  readonly kinds: readonly number[] | undefined;
}

/** What was asked for, complete once the pipeline is built. */
export class Wants {
  readonly fields: Field[] = [];
  readonly labelSets: LabelSet[] = [];
  readonly families: KeyFamily[] = [];
  /** What is read of all records of some kinds. */
  readonly readings: Reading[] = [];
  /** How kinds are told, if one field tells them. */
  kindRule: KindRule | undefined;
  /** What is measured where records are read. */
  plan: MeasurePlan | undefined;
  /** Who takes what is measured by the plan. */
  sink: PartialSink | undefined;
  /** Those who measure by the plan: whoever opens a parser that does puts it here. */
  readonly partials: PartialSource[] = [];

  field(name: string, paths: readonly Path[], shadowed?: ShadowedKey): Field {
    const key = JSON.stringify(paths);
    let field = this.fields.find(
      (known) => known.shadowed === shadowed && JSON.stringify(known.paths) === key,
    );
    if (field === undefined) {
      field = { index: this.fields.length, name, paths, shadowed };
      this.fields.push(field);
    }
    return field;
  }

  labels(fields: readonly Field[]): LabelSet {
    let set = this.labelSets.find(
      (known) =>
        known.fields.length === fields.length && known.fields.every((f, k) => f.index === fields[k]!.index),
    );
    if (set === undefined) {
      set = { index: this.labelSets.length, fields };
      this.labelSets.push(set);
    }
    return set;
  }

  /**
   * Somebody reads a column of every record of these kinds, or every record at all. Where something else decides first
   * which records are looked at, it is not to be said: then columns are made where they are asked for.
   */
  reads({ what, field }: ReadColumn, kinds?: readonly number[]): void {
    const known = this.readings.findIndex((other) => other.what === what && other.field === field);
    const before = known < 0 ? [] : this.readings.splice(known, 1)[0]!.kinds;
    const all = kinds && before && [...new Set([...before, ...kinds])];
    this.readings.push({ what, field, kinds: all });
  }

  keysBeginning(
    under: readonly Path[],
    prefixes: readonly string[],
    except: readonly string[] = [],
  ): KeyFamily {
    const family = { index: this.families.length, under, prefixes, except };
    this.families.push(family);
    return family;
  }
}
