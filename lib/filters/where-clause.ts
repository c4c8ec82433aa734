import type { Batch } from '../batch/batch.ts';
import type { Field, ReadColumn, Wants } from '../batch/wants.ts';
import { logField, pathsOf } from '../tracing/record-fields.ts';
import { Expression } from './expression.ts';

const operators = ['=', '!=', '~', '!~', '<', '<=', '>', '>='] as const;
type Operator = (typeof operators)[number];

/** A condition on one field of a record, as `--where` has it. */
export interface WhereClause {
  readonly field: string;
  readonly operator: Operator;
  /** An RE2 expression, or a number in digits. */
  readonly value: string;
}

/** Short names of fields, and where else their value may stand. */
const shortNames: Readonly<Record<string, readonly string[]>> = {
  user: ['client_user'],
  client: ['client_id'],
  name: ['client_name'],
  host: ['client_hostname'],
  namespace: ['target_namespace', 'namespace'],
  filter: ['http_filter'],
  session: ['session_id'],
  duration: ['session_duration'],
  source: ['source_id'],
  entity: ['source_entity_id'],
};

/** Fields that are asked for often; of anything else a record may have, nobody knows the names. */
const wellKnown = [
  ...['client_user', 'client_id', 'client_name', 'client_hostname', 'client_cli_version', 'session_id'],
  ...['session_duration', 'target', 'target_type', 'target_name', 'target_namespace', 'port', 'http_filter'],
  ...['scale_down', 'message', 'level', 'module', 'error', 'source_id', 'source_entity_id', 'metric'],
  'metric_type',
];

/** The names that a mistyped one may be near to. */
export const whereFields: readonly string[] = [...Object.keys(shortNames), ...wellKnown];

/** undefined for what is no clause. */
export function parseWhere(text: string): WhereClause | undefined {
  const match = /^\s*([\w.@/-]+?)\s*(!=|!~|<=|>=|=~|[=~<>])(.*)$/s.exec(text);
  if (match === null) return undefined;
  const [, field, written, value] = match as unknown as [string, string, string, string];
  const operator = (written === '=~' ? '~' : written) as Operator;
  if (isComparison(operator) && !Number.isFinite(numberOf(value))) return undefined;
  // whoever writes == means no text that begins with =; such a one is found by [=]
  if (value.startsWith('=')) return undefined;
  return { field, operator, value };
}

function isComparison(operator: Operator): boolean {
  return operator.startsWith('<') || operator.startsWith('>');
}

/** Empty texts are no numbers. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** A clause over columns. A field that a record has not is an empty text, and less or greater than nothing. */
export class WhereTest {
  readonly clause: WhereClause;
  /** Whether any record had the field. */
  isSeen = false;
  /** Of a comparison: a value that is no number, as long as none was one. */
  unlike: string | undefined;
  private isCompared = false;
  private readonly field: Field;
  /** Where a target is written in its parts. */
  private readonly parts: readonly [Field, Field] | undefined;
  private readonly expression: Expression | undefined;
  private readonly bound: number;
  private readonly isNegated: boolean;

  /** @throws the library's error for a wrong expression */
  constructor(clause: WhereClause, wants: Wants) {
    const { field, operator, value } = clause;
    const names = Object.hasOwn(shortNames, field) ? shortNames[field]! : [field];
    this.clause = clause;
    this.field = names.length === 1 ? logField(wants, names[0]!) : wants.field(field, names.flatMap(pathsOf));
    this.parts =
      field === 'target' ? [logField(wants, 'target_type'), logField(wants, 'target_name')] : undefined;
    this.expression = isComparison(operator) ? undefined : new Expression(value);
    this.bound = numberOf(value);
    this.isNegated = operator.startsWith('!');
  }

  /** What it reads of every record. */
  get reads(): ReadColumn {
    return { what: 'ids', field: this.field };
  }

  holds(batch: Batch, row: number): boolean {
    const id = batch.column(this.field).id(row);
    if (id !== 0) this.isSeen = true;
    if (this.expression === undefined) return this.compares(this.number(batch, row, id));
    const matches =
      id === 0 ? this.expression.test(this.otherwise(batch, row)) : this.expression.testId(batch.symbols, id);
    return matches !== this.isNegated;
  }

  /** Notes what a record has of the field that is left out for another reason, as long as that tells anything. */
  look(batch: Batch, row: number): void {
    if (!this.isSeen || (this.expression === undefined && !this.isCompared)) this.holds(batch, row);
  }

  private number(batch: Batch, row: number, id: number): number {
    const plain = batch.column(this.field).number(row);
    const value = Number.isNaN(plain) && id !== 0 ? numberOf(batch.symbols.text(id)) : plain;
    if (this.isCompared || id === 0) return value;
    this.isCompared = !Number.isNaN(value);
    this.unlike = this.isCompared ? undefined : (this.unlike ?? batch.symbols.text(id));
    return value;
  }

  private otherwise(batch: Batch, row: number): string {
    if (this.parts === undefined) return '';
    const [type, name] = this.parts.map((field) => batch.column(field).text(row) ?? '');
    if (name !== '') this.isSeen = true;
    return [type, name].filter((part) => part !== '').join('/');
  }

  private compares(value: number): boolean {
    switch (this.clause.operator) {
      case '<':
        return value < this.bound;
      case '<=':
        return value <= this.bound;
      case '>':
        return value > this.bound;
      default:
        return value >= this.bound;
    }
  }
}
