import type { Writable } from 'node:stream';
import { FORMAT } from '../../state/envelope.ts';
import { placesOf } from '../../state/input-places.ts';
import { countedOf } from '../../state/ledger-section.ts';
import { fingerprintOf } from '../../state/measuring.ts';
import { listMetrics } from '../../state/metrics-section.ts';
import { readSessions } from '../../state/sessions-section.ts';
import { readState, type StateFile, understood } from '../../state/state-file.ts';
import { sectionOf } from '../../state/state-parts.ts';
import { type AlignedColumn, alignedLines } from '../../text/aligned.ts';
import { paintOf } from '../../text/paint.ts';
import { printable } from '../../text/printable.ts';
import { thousands } from '../../text/thousands.ts';
import { formatTimestamp } from '../../text/time.ts';
import { formatBytes } from '../closing-line.ts';
import { writeLines } from '../sessions/write-lines.ts';

/** Tells what is in a state. @returns the exit status */
export async function state(
  path: string,
  { format }: { readonly format: 'table' | 'json' },
  stdout: Writable,
): Promise<number> {
  const file = await readState(path);
  const contents = understood(path, () => contentsOf(file));
  await writeLines(format === 'json' ? [JSON.stringify(contents)] : linesOf(contents), stdout);
  return 0;
}

type Contents = ReturnType<typeof contentsOf>;

function contentsOf({ about, sections }: StateFile) {
  const { kind, program, written, complete, measuring, inputs } = about;
  const [newest] = sectionOf(sections, 'clock').doubles();
  const { read, selected, filtered, rejected } = countedOf(sections);
  const sessions = Array.from(readSessions(sectionOf(sections, 'sessions')), ({ name, state }) => ({
    system: name,
    open: state.net.filter((net) => net > 0).length,
  }));
  return {
    format: FORMAT,
    ...{ kind, program, written, complete },
    configuration: fingerprintOf(measuring),
    ...{ seed: measuring.seed, sourceId: measuring.metrics.sourceId },
    newest: newest === undefined ? null : formatTimestamp(newest, 3),
    read: read as Readonly<Record<'records' | 'bytes', number>>,
    ...{ selected, filtered, rejected },
    sessions,
    metrics: [...listMetrics(sectionOf(sections, 'metrics'))],
    inputs,
    done: about.going?.done,
    amid: about.going?.amid.map(({ name, offset }) => ({ name, offset })),
    places: Array.from(placesOf(sections), ([name, { offset }]) => ({ name, offset })),
  };
}

function* linesOf(contents: Contents): Generator<string> {
  const { kind, complete, program, written, configuration, seed, sourceId, newest, read } = contents;
  const rejected = Object.values(contents.rejected ?? {}).reduce((sum, n) => sum + Number(n), 0);
  yield `a ${kind} of mirrormon ${printable(program)}, format ${contents.format}, written ${written}`;
  if (!complete) yield 'of a run that failed or was told to end: something of its inputs may be missing';
  yield `configuration ${configuration}: seed ${seed}, source ${printable(sourceId)}`;
  yield `${thousands(read.records)} records read, ${thousands(rejected)} not understood; the newest is of ${newest ?? 'no time'}`;
  for (const { system, open } of contents.sessions) yield `${thousands(open)} sessions of ${system} are open`;
  const { inputs, metrics } = contents;
  yield '';
  yield* contents.done === undefined ? inputsOf(inputs) : doneOf(contents.done);
  for (const { name, offset } of [...(contents.amid ?? []), ...contents.places]) {
    yield `${printable(name)} up to byte ${thousands(offset)}`;
  }
  yield '';
  yield* table([
    { title: 'metric', align: 'left', cells: metrics.map(({ name }) => printable(name)) },
    { title: 'kind', align: 'left', cells: metrics.map(({ type }) => type) },
    { title: 'series', align: 'right', cells: metrics.map(({ series }) => thousands(series)) },
  ]);
}

const inputsOf = (inputs: Contents['inputs']): string[] =>
  table([
    { title: 'input', align: 'left', cells: inputs.map(({ name }) => printable(name)) },
    { title: 'framing', align: 'left', cells: inputs.map(({ framing }) => framing) },
    { title: 'records', align: 'right', cells: inputs.map(({ records }) => thousands(records)) },
    { title: 'bytes', align: 'right', cells: inputs.map(({ bytes }) => formatBytes(bytes)) },
  ]);

const doneOf = (done: NonNullable<Contents['done']>): string[] =>
  table([
    { title: 'file that is done', align: 'left', cells: done.map(({ name }) => printable(name)) },
    { title: 'bytes', align: 'right', cells: done.map(({ size }) => formatBytes(size)) },
  ]);

const table = (columns: readonly AlignedColumn[]): string[] =>
  alignedLines(columns, { width: undefined, paint: paintOf(false), keepsEmpty: true });
