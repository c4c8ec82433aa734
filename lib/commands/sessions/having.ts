import { MirrormonError } from '../../errors.ts';
import { Expression } from '../../filters/expression.ts';
import { parseWhere, type WhereClause } from '../../filters/where-clause.ts';
import { nearest } from '../../text/nearest.ts';
import type { AnswerColumn } from './answer-columns.ts';

/**
 * Whether rows of an answer are asked for, by conditions on its columns as `--where` has them on fields of records. Of a
 * list one entry must match, and with a negation none.
 * @throws {MirrormonError} USAGE for columns that there are not, and for what is no condition
 */
export function havingOf<Row>(
  texts: readonly string[],
  columns: readonly AnswerColumn<Row>[],
): (row: Row) => boolean {
  const tests = texts.map((text) => testOf(text, columns));
  return (row) => tests.every((holds) => holds(row));
}

/** Columns by the words of their titles and of `--where`. */
const synonyms: Readonly<Record<string, string>> = {
  ...{ time: 'seconds', duration: 'seconds', session: 'session_id', host: 'hostname', client: 'client_id' },
  ...{ port: 'ports', filter: 'filters', from: 'start', to: 'end' },
};

function testOf<Row>(text: string, columns: readonly AnswerColumn<Row>[]): (row: Row) => boolean {
  const names = columns.map(({ name }) => name);
  const clause = parseWhere(text);
  if (clause === undefined) {
    throw new MirrormonError('USAGE', `--having does not understand '${text}'`, {
      hint: "it takes COLUMN=RE2 or !=, such as 'missing=end' ('missing=^end$' for the whole value), or <, <=, >, >= and a number, such as 'seconds>3600'",
    });
  }
  const word = synonyms[clause.field] ?? clause.field;
  const column = columns.find(({ name }) => name === word);
  if (column === undefined) {
    const meant = nearest(clause.field, names);
    throw new MirrormonError('USAGE', `there is no column '${clause.field}' to ask for by --having`, {
      hint: `${meant === undefined ? '' : `did you mean ${meant}? `}they are ${names.join(', ')}`,
    });
  }
  return /^[<>]/.test(clause.operator) ? comparing(clause, column) : matching(clause, column);
}

function matching<Row>(
  { operator, value, field }: WhereClause,
  column: AnswerColumn<Row>,
): (row: Row) => boolean {
  let expression: Expression;
  try {
    expression = new Expression(value);
  } catch (error) {
    throw new MirrormonError('USAGE', `--having ${field}: '${value}' is no RE2 expression`, {
      hint: error instanceof Error ? error.message : undefined,
    });
  }
  const isNegated = operator.startsWith('!');
  return (row) => {
    const cell = column.value(row);
    const texts = Array.isArray(cell) ? (cell as readonly string[]) : [String(cell ?? '')];
    return texts.some((text) => expression.test(text)) !== isNegated;
  };
}

function comparing<Row>({ operator, value }: WhereClause, column: AnswerColumn<Row>): (row: Row) => boolean {
  const bound = Number(value);
  return (row) => {
    const cell = column.value(row);
    if (typeof cell !== 'number') return false;
    if (cell === bound) return operator.endsWith('=');
    return operator.startsWith('<') ? cell < bound : cell > bound;
  };
}
