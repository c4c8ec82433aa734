import { render } from 'preact';
import type { Snapshot } from '../snapshot.ts';
import { titleOf } from '../view.ts';
import { App, type LiveState } from './app.tsx';
import { embedded, fetched, watch } from './snapshot-source.ts';
import { applyTheme } from './theme.ts';

const root = document.getElementById('root')!;

function show(snapshot: Snapshot, live: LiveState): void {
  document.title = titleOf(snapshot);
  render(<App snapshot={snapshot} live={live} />, root);
}

async function begin(): Promise<void> {
  const report = await embedded();
  if (report !== undefined) return show(report, undefined);
  let newest = await fetched();
  show(newest, 'follows');
  watch({
    onSnapshot: (snapshot) => {
      newest = snapshot;
      show(newest, 'follows');
    },
    onLost: () => show(newest, 'lost'),
  });
}

applyTheme();
begin().catch((error: unknown) => {
  root.textContent = `The data cannot be shown: ${error instanceof Error ? error.message : String(error)}. Reload the page; if that does not help, the browser may be too old (it needs DecompressionStream).`;
});
