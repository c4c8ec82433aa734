import type { ComponentChildren } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { count } from '../format.ts';
import type { PageState } from '../page-state.ts';

const PAGE_ROWS = 50;

export interface Column<Row> {
  /** In the address, too. */
  readonly key: string;
  readonly label: string;
  readonly number?: boolean;
  readonly wide?: boolean;
  /** What rows are ordered by. */
  value(row: Row): string | number;
  cell?(row: Row): ComponentChildren;
}

interface Props<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** What the search looks in. */
  text(row: Row): string;
  readonly state: PageState;
  onChange(change: Partial<PageState>): void;
  readonly children?: ComponentChildren;
}

/** Rows that can be searched, ordered and paged through; what is chosen stands in the address. */
export function DataTable<Row>({ title, rows, columns, text, state, onChange, children }: Props<Row>) {
  const heading = useId();
  const wanted = state.search.trim().toLowerCase();
  const found = useMemo(
    () => (wanted === '' ? rows : rows.filter((row) => text(row).toLowerCase().includes(wanted))),
    [rows, wanted],
  );
  const ordered = useMemo(() => inOrder(found, columns, state.sort), [found, state.sort]);
  const pages = Math.max(1, Math.ceil(ordered.length / PAGE_ROWS));
  const page = Math.min(state.page, pages);
  const shown = ordered.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
  return (
    <section class="card" aria-labelledby={heading}>
      <div class="head">
        <h2 id={heading}>
          {title} <small>({count(found.length)})</small>
        </h2>
        <input
          type="search"
          aria-label={`Search in ${title}`}
          placeholder="Search"
          value={state.search}
          onInput={(event) => onChange({ search: event.currentTarget.value, page: 1 })}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-labelledby={heading} tabIndex={0}>
        <table aria-rowcount={ordered.length + 1}>
          <caption>{title}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.key} column={column} sort={state.sort} onChange={onChange} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, k) => (
              <tr key={k} aria-rowindex={(page - 1) * PAGE_ROWS + k + 2}>
                {columns.map((column) => (
                  <td key={column.key} class={classOf(column)} data-label={column.label}>
                    <Cell>{column.cell?.(row) ?? column.value(row)}</Cell>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown.length === 0 && (
        <p class="none">{wanted === '' ? 'Nothing in this range.' : 'Nothing matches.'}</p>
      )}
      {children}
      {pages > 1 && <Pages page={page} pages={pages} onPage={(next) => onChange({ page: next })} />}
    </section>
  );
}

/** Long names end after a few lines; all of them stands in their title. */
function Cell({ children }: { children: ComponentChildren }) {
  return (
    <div class="cell" {...(typeof children === 'string' && children.length > 60 && { title: children })}>
      {children}
    </div>
  );
}

const classOf = ({ number, wide }: Pick<Column<never>, 'number' | 'wide'>): string =>
  [number && 'number', wide && 'wide'].filter(Boolean).join(' ');

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string;
  onChange(change: Partial<PageState>): void;
}

/** Numbers are ordered downwards first, names upwards; once more turns it round. */
function Heading<Row>({ column, sort, onChange }: HeadingProps<Row>) {
  const { key, label, number = false } = column;
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
  const first = number ? `-${key}` : key;
  const next = sort === first ? (number ? key : `-${key}`) : first;
  return (
    <th scope="col" class={classOf(column)} {...(direction && { 'aria-sort': direction })}>
      <button type="button" onClick={() => onChange({ sort: next, page: 1 })}>
        {label}
        <span aria-hidden="true">
          {direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓'}
        </span>
      </button>
    </th>
  );
}

function inOrder<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: string): readonly Row[] {
  const column = columns.find(({ key }) => key === sort.replace(/^-/, ''));
  if (column === undefined) return rows;
  const sign = sort.startsWith('-') ? -1 : 1;
  const keyed = rows.map((row) => ({ row, value: column.value(row) }));
  keyed.sort((a, b) => sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return keyed.map(({ row }) => row);
}

function Pages({ page, pages, onPage }: { page: number; pages: number; onPage(page: number): void }) {
  const button = (label: string, sign: string, to: number, disabled: boolean) => (
    <button type="button" aria-label={label} disabled={disabled} onClick={() => onPage(to)}>
      {sign}
    </button>
  );
  return (
    <div class="pages">
      <span>
        Page {count(page)} of {count(pages)}
      </span>
      {button('First page', '«', 1, page === 1)}
      {button('Previous page', '‹', page - 1, page === 1)}
      {button('Next page', '›', page + 1, page === pages)}
      {button('Last page', '»', pages, page === pages)}
    </div>
  );
}
