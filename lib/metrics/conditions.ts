import { type Batch, ValueType } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { Field, Wants } from '../batch/wants.ts';
import { writtenNumber } from '../batch/written-number.ts';
import { Expression } from '../filters/expression.ts';
import type { Condition, FieldTest } from '../systems/definition.ts';
import { logField } from '../tracing/record-fields.ts';

type Holds = (batch: Batch, row: number) => boolean;

/** A `when` of the catalogue, compiled: which kinds it looks at, and what else must hold of a record. */
export interface CompiledCondition {
  /** Ascending, so that what is counted by kinds costs nothing for records of others. */
  readonly kinds: readonly number[];
  /** undefined = nothing else. */
  readonly holds: Holds | undefined;
}

export function compileCondition(condition: Condition, kinds: Kinds, wants: Wants): CompiledCondition {
  const { message, fields = {}, any, not } = condition;
  const tests: Holds[] = [];
  if (message !== undefined) tests.push(fieldTest(logField(wants, 'message'), message));
  for (const [name, test] of Object.entries(fields)) tests.push(fieldTest(logField(wants, name), test));
  const branches = any?.map((branch) => compileCondition(branch, kinds, wants));
  const among = branches === undefined ? undefined : new Set(branches.flatMap((branch) => branch.kinds));
  const all = new Set(kindsOf(condition, kinds, among));
  if (branches?.some(({ holds }) => holds !== undefined)) {
    const fits = branches.map(fitsOf);
    tests.push((batch, row) => fits.some((holds) => holds(batch, row)));
  }
  if (not !== undefined) {
    const denied = compileCondition(not, kinds, wants);
    const holds = fitsOf(denied);
    if (denied.holds === undefined) for (const kind of denied.kinds) all.delete(kind);
    else tests.push((batch, row) => !holds(batch, row));
  }
  return { kinds: [...all].sort((a, b) => a - b), holds: conjunction(tests) };
}

function conjunction(tests: readonly Holds[]): Holds | undefined {
  if (tests.length < 2) return tests[0];
  return (batch, row) => tests.every((holds) => holds(batch, row));
}

/** All of a condition, of records of any kind. */
function fitsOf({ kinds, holds }: CompiledCondition): Holds {
  const fits = new Uint8Array(256);
  for (const kind of kinds) fits[kind] = 1;
  return (batch, row) => fits[batch.kind[row]!] === 1 && (holds === undefined || holds(batch, row));
}

/** @param among the kinds of its alternatives, if it has any */
function kindsOf(
  { kind }: Condition,
  kinds: Kinds,
  among: ReadonlySet<number> | undefined,
): Iterable<number> {
  if (kind === undefined) {
    return among ?? kinds.all.filter(({ stream }) => stream === 'log').map(({ id }) => id);
  }
  const names = typeof kind === 'string' ? [kind] : kind;
  const named = names.flatMap((name) => kinds.byName(name)?.id ?? []);
  return among === undefined ? named : named.filter((id) => among.has(id));
}

function fieldTest(field: Field, test: string | FieldTest): Holds {
  if (typeof test === 'string') return matching(field, test);
  const { matches, equals, exists, above, atLeast, below, atMost } = test;
  const tests: Holds[] = [];
  if (matches !== undefined) tests.push(matching(field, matches));
  if (typeof equals === 'number') tests.push(numeric(field, (value) => value === equals));
  else if (equals !== undefined) tests.push(equalling(field, String(equals)));
  if (exists !== undefined) tests.push(existing(field, exists));
  if (above !== undefined) tests.push(numeric(field, (value) => value > above));
  if (atLeast !== undefined) tests.push(numeric(field, (value) => value >= atLeast));
  if (below !== undefined) tests.push(numeric(field, (value) => value < below));
  if (atMost !== undefined) tests.push(numeric(field, (value) => value <= atMost));
  return conjunction(tests) ?? (() => true);
}

function matching(field: Field, source: string): Holds {
  const expression = new Expression(source);
  return (batch, row) => expression.matches(batch, field, row);
}

function equalling(field: Field, text: string): Holds {
  return (batch, row) => {
    const id = batch.column(field).id(row);
    return id !== 0 && batch.symbols.text(id) === text;
  };
}

function existing(field: Field, exists: boolean): Holds {
  return (batch, row) => {
    const type = batch.column(field).type(row);
    return (type !== ValueType.absent && type !== ValueType.null) === exists;
  };
}

function numeric(field: Field, compare: (value: number) => boolean): Holds {
  return (batch, row) => compare(writtenNumber(batch.column(field), row));
}
