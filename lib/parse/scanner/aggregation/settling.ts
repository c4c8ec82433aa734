import { readFileSync } from 'node:fs';
import { builtFile } from '../../../text/built-file.ts';

/** What lib/parse/scanner/assembly/settling/index.ts exports, and documents. */
export interface Settling {
  readonly memory: WebAssembly.Memory;
  number(entries: number, count: number, known: number, counts: number): void;
  settle(
    entries: number,
    count: number,
    series: number,
    counts: number,
    keys: number,
    ticks: number,
    marks: number,
    settled: number,
  ): void;
  selectFirst(pairs: number, count: number, keep: number): void;
  sortByValue(pairs: number, count: number, spare: number, starts: number): void;
}

const PAGE = 65_536;
/** From where on the memory belongs to whoever calls: the next one may write over it. */
export const OURS = PAGE;

/** Not before there is something to be put together: no run without it waits for it. */
export function openSettling(): Settling {
  const code = readFileSync(builtFile('parse/scanner', 'settling.wasm')!);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), {});
  return exports as unknown as Settling;
}

/** Has the memory reach up to there, which makes its buffer another one if it did not. */
export function makeRoom({ memory }: Settling, end: number): void {
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
