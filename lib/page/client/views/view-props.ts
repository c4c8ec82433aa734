import type { PageState } from '../../page-state.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { View } from '../../view.ts';

/** What every view of the page is given. */
export interface ViewProps {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly state: PageState;
  onChange(change: Partial<PageState>): void;
}
