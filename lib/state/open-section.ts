import type { Registry } from '../metrics/registry.ts';
import type { OpenSystem } from '../systems/system.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/**
 * What waits for records to come, of a run that goes on: sessions in full, and by rule what has begun and not ended. It
 * depends on the order of records, so no two of them add up.
 */
export function writeOpen(to: ByteWriter, systems: readonly OpenSystem[], { catalogue }: Registry): void {
  for (const { compounds } of systems) {
    if (compounds !== undefined) writeBytes(to, Buffer.from(JSON.stringify(compounds.state())));
  }
  for (const [name, { elapsed }] of catalogue) {
    if (elapsed === undefined) continue;
    const { keys, times } = elapsed.open();
    to.flag(true);
    to.text(name);
    to.doubles(keys);
    to.doubles(times);
  }
  to.flag(false);
}

/** @throws {DamagedBytes} */
export function readOpen(from: ByteReader, systems: readonly OpenSystem[], { catalogue }: Registry): void {
  for (const { compounds } of systems) compounds?.resume(parsed(from.raw(from.whole())));
  while (from.flag()) {
    const elapsed = catalogue.get(from.text())?.elapsed;
    if (elapsed === undefined) throw new DamagedBytes('it has a rule that is none');
    elapsed.resume(from.doubles(), from.doubles());
  }
}

function writeBytes(to: ByteWriter, bytes: Uint8Array): void {
  to.whole(bytes.length);
  to.raw(bytes);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new DamagedBytes('its sessions are no JSON');
  }
}
