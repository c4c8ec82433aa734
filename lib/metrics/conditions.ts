import type { Batch } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { Field, Wants } from '../batch/wants.ts';
import { Expression } from '../filters/expression.ts';
import type { Condition } from '../systems/definition.ts';
import { logField } from '../tracing/record-fields.ts';

/** A `when` of the catalogue, compiled: which kinds it looks at, and what else must hold of a record. */
export interface CompiledCondition {
  readonly kinds: readonly number[];
  /** undefined = nothing else. */
  readonly holds: ((batch: Batch, row: number) => boolean) | undefined;
}

export function compileCondition(condition: Condition, kinds: Kinds, wants: Wants): CompiledCondition {
  const tests: { field: Field; expression: Expression }[] = [];
  const require = (name: string, source: string): void => {
    tests.push({ field: logField(wants, name), expression: new Expression(source) });
  };
  if (condition.message !== undefined) require('message', condition.message);
  for (const [name, source] of Object.entries(condition.fields ?? {})) require(name, source);
  return {
    kinds: kindsOf(condition, kinds),
    holds:
      tests.length === 0
        ? undefined
        : (batch, row) => tests.every(({ field, expression }) => expression.matches(batch, field, row)),
  };
}

function kindsOf({ kind }: Condition, kinds: Kinds): number[] {
  if (kind === undefined) return kinds.all.filter(({ stream }) => stream === 'log').map(({ id }) => id);
  const names = typeof kind === 'string' ? [kind] : kind;
  return names.flatMap((name) => kinds.byName(name)?.id ?? []);
}
