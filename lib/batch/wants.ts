import type { Field, KeyFamily, LabelSet, Path, ShadowedKey } from './field.ts';
import type { KindRule, MeasurePlan, PartialSink, PartialSource } from './measure-plan.ts';

/**
 * What is asked of a record. Everything that reads records (the catalogue, rules, subscriptions, handlers) registers
 * the fields it needs while the pipeline is built; a parser extracts these and nothing else.
 */

export type { Field, KeyFamily, LabelSet, Path, ShadowedKey } from './field.ts';
export { shadowedKeys } from './field.ts';

/** What was asked for, complete once the pipeline is built. */
export class Wants {
  readonly fields: Field[] = [];
  readonly labelSets: LabelSet[] = [];
  readonly families: KeyFamily[] = [];
  /** The field whose text tells best what else will be asked of a record. */
  telling: Field | undefined;
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
