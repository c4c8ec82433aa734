/** What a whole run reports of a log's bytes, packed or not, from the decoding of the input to the written event. */
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { decode } from '../../lib/inputs/decode.ts';
import { openPipeline } from '../../lib/pipeline.ts';
import type { Chunk } from '../../lib/stages/parse.ts';
import { defaults } from '../helpers/config.ts';

/** Two days after the log of the fixtures: some forms leave out the year. */
const NOW = Date.UTC(2024, 3, 3);

export type Packing = 'none' | 'gzip' | 'zstd' | 'utf16';

/** @param parts gzip's members and zstd's frames, of equal sizes */
export function pack(bytes: Buffer, packing: Packing, parts: number): Buffer {
  if (packing === 'utf16') return Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le');
  if (packing === 'none') return bytes;
  const size = Math.max(1, Math.ceil(bytes.length / parts));
  const one = packing === 'gzip' ? gzipSync : zstdStored;
  return Buffer.concat(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, k) =>
      one(bytes.subarray(k * size, (k + 1) * size)),
    ),
  );
}

/** A frame of Zstandard (RFC 8878) with its size and raw blocks: not every Node can write others. */
function zstdStored(bytes: Buffer): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(bytes.length, 5);
  const most = 1 << 16;
  const blocks = Array.from({ length: Math.max(1, Math.ceil(bytes.length / most)) }, (_, k) => {
    const block = bytes.subarray(k * most, (k + 1) * most);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | Number((k + 1) * most >= bytes.length), 0, 3);
    return Buffer.concat([header, block]);
  });
  return Buffer.concat([head, ...blocks]);
}

export interface Outcome {
  /** The metric events, a line each. */
  readonly report: string;
  /** Dead letters. */
  readonly rejected: number;
}

/** The metric events of a run over the bytes, a line each. */
export async function reportOf(bytes: Buffer, chunks: readonly number[]): Promise<string> {
  return (await outcomeOf(bytes, chunks)).report;
}

/** What a run makes of the bytes, which come in chunks of these sizes. */
export async function outcomeOf(bytes: Buffer, chunks: readonly number[] = [1 << 16]): Promise<Outcome> {
  const texts: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString());
      done();
    },
  });
  const pipeline = openPipeline(defaults, {
    stdout: { stream, terminal: { isTTY: false, color: false } },
    workers: 0,
    now: () => NOW,
  });
  const input = { name: 'fuzz', framing: '' };
  async function* decoded(): AsyncGenerator<Chunk> {
    const source = { place: 'fuzz', again: false, read: () => inChunks(bytes, chunks) };
    for await (const chunk of decode(source)) yield { input, bytes: chunk };
  }
  await pipeline.run(decoded());
  await pipeline.close();
  return { report: texts.join(''), rejected: pipeline.ledger.rejectedTotal };
}

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes[k % sizes.length]!;
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
}
