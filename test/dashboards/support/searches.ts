import { type LogRecord, valueAt } from './log.ts';

type Condition = (record: LogRecord) => boolean;

const texts = (list: string): string[] => [...list.matchAll(/"([^"]*)"/g)].map((match) => match[1]!);

const oneOf =
  (path: string, values: readonly string[]): Condition =>
  (record) =>
    values.includes(String(valueAt(record, path)));

/**
 * The part of Datadog's search that dashboards use: `@path:"text"`, `@path:("a" OR "b")`, `@path:*`, tags of the
 * container and `$variables`, which at their default `*` select everything.
 */
export function datadogSearch(query: string): { select: Condition; variables: string[]; paths: string[] } {
  const conditions: Condition[] = [];
  const variables: string[] = [];
  const paths: string[] = [];
  let rest = query.trim();
  while (rest !== '') {
    const match = /^(?:\$(\w+)|kube_\w+:[\w-]+|@([\w.]+):(\*|"[^"]*"|\([^)]*\)))\s*/.exec(rest);
    if (match === null) throw new SyntaxError(`not understood: ${rest}`);
    const [all, variable, path, wanted] = match;
    if (variable !== undefined) variables.push(variable);
    if (path !== undefined) {
      paths.push(path);
      conditions.push(
        wanted === '*' ? (record) => valueAt(record, path) !== undefined : oneOf(path, texts(wanted!)),
      );
    }
    rest = rest.slice(all.length);
  }
  return { select: (record) => conditions.every((condition) => condition(record)), variables, paths };
}

/** The part of KQL that dashboards use: `path : "text"` and `path : ("a" or "b")`; empty selects everything. */
export function kqlSearch(query: string): { select: Condition; paths: string[] } {
  if (query === '') return { select: () => true, paths: [] };
  const match = /^([\w.]+) : ("[^"]*"|\((?:"[^"]*"(?: or )?)+\))$/.exec(query);
  if (match === null) throw new SyntaxError(`not understood: ${query}`);
  return { select: oneOf(match[1]!, texts(match[2]!)), paths: [match[1]!] };
}
