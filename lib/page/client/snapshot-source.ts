import { decodeSnapshot } from '../columns.ts';
import { denseBytes } from '../dense-text.ts';
import type { Snapshot } from '../snapshot.ts';

/** The snapshot that stands in the page itself, packed; undefined in a page that asks its server for it. */
export async function embedded(): Promise<Snapshot | undefined> {
  const text = document.getElementById('data')?.textContent?.trim();
  if (!text) return undefined;
  const stream = new Blob([denseBytes(text)]).stream().pipeThrough(new DecompressionStream('deflate'));
  return decodeSnapshot(new Uint8Array(await new Response(stream).arrayBuffer()));
}

export async function fetched(): Promise<Snapshot> {
  const response = await fetch('api/v1/snapshot');
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return decodeSnapshot(new Uint8Array(await response.arrayBuffer()));
}

interface Watcher {
  onSnapshot(snapshot: Snapshot): void;
  onLost(): void;
}

/** Asks for the snapshot again whenever the server says that there is a newer one; the browser reconnects by itself. */
export function watch({ onSnapshot, onLost }: Watcher): void {
  const events = new EventSource('api/v1/events');
  const refresh = async (): Promise<void> => {
    try {
      onSnapshot(await fetched());
    } catch {
      onLost();
    }
  };
  events.addEventListener('changed', refresh);
  events.addEventListener('error', onLost);
}
