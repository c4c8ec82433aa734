import type { Registry } from '../metrics/registry.ts';
import type { OpenSystem } from '../systems/system.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Who waits. */
interface Waiting {
  readonly systems: readonly OpenSystem[];
  readonly registry: Registry;
  /** See Selector.remembered; of all subscriptions. */
  readonly remembered?: readonly Set<string>[] | undefined;
}

/**
 * What waits for records to come, of a run that goes on: sessions in full, by rule what has begun and not ended, and what
 * subscriptions remember. It
 * depends on the order of records, so no two of them add up.
 */
export function writeOpen(to: ByteWriter, { systems, registry, remembered = [] }: Waiting): void {
  for (const { compounds } of systems) {
    if (compounds !== undefined) writeBytes(to, Buffer.from(JSON.stringify(compounds.state())));
  }
  for (const [name, { elapsed }] of registry.catalogue) {
    if (elapsed === undefined) continue;
    const { keys, times } = elapsed.open();
    to.flag(true);
    to.text(name);
    to.doubles(keys);
    to.doubles(times);
  }
  to.flag(false);
  for (const texts of remembered) {
    to.whole(texts.size);
    for (const text of texts) to.text(text);
  }
}

/** @throws {DamagedBytes} */
export function readOpen(from: ByteReader, { systems, registry, remembered = [] }: Waiting): void {
  for (const { compounds } of systems) compounds?.resume(parsed(from.raw(from.whole())));
  while (from.flag()) {
    const elapsed = registry.catalogue.get(from.text())?.elapsed;
    if (elapsed === undefined) throw new DamagedBytes('it has a rule that is none');
    elapsed.resume(from.doubles(), from.doubles());
  }
  for (const texts of remembered) {
    for (let left = from.whole(); left > 0; left--) texts.add(from.text());
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
