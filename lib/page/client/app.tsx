import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { count, timeText } from '../format.ts';
import { daysOf, type PageState, parseState, printState, type ViewName } from '../page-state.ts';
import type { Snapshot } from '../snapshot.ts';
import { isOfController, titleOf, viewOf, wholeRange } from '../view.ts';
import { RangeChoice } from './range-choice.tsx';
import { toggleTheme } from './theme.ts';
import { HealthView } from './views/health.tsx';
import { MetricsView } from './views/metrics.tsx';
import { PortsView } from './views/ports.tsx';
import { TargetsView } from './views/targets.tsx';
import { UsageView } from './views/usage.tsx';
import { UsersView } from './views/users.tsx';

const views = {
  usage: UsageView,
  users: UsersView,
  targets: TargetsView,
  ports: PortsView,
  health: HealthView,
  metrics: MetricsView,
} as const;

const titles: Readonly<Record<ViewName, string>> = {
  usage: 'Usage',
  users: 'Users',
  targets: 'Targets',
  ports: 'Ports',
  health: 'Operator health',
  metrics: 'Metrics',
};

/** The state that the address holds; moves through the views can be gone back through. */
function useAddress(): [PageState, (change: Partial<PageState>) => void] {
  const [state, setState] = useState(() => parseState(location.hash));
  useEffect(() => {
    const follow = (): void => setState(parseState(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const change = useCallback((part: Partial<PageState>): void => {
    const next = { ...parseState(location.hash), ...part };
    history.replaceState(null, '', printState(next));
    setState(next);
  }, []);
  return [state, change];
}

/** undefined for a report, which nothing can follow. */
export type LiveState = 'follows' | 'lost' | undefined;

export function App({ snapshot, live }: { snapshot: Snapshot; live: LiveState }) {
  const [state, change] = useAddress();
  const { head } = snapshot;
  const whole = useMemo(() => wholeRange(snapshot), [snapshot]);
  const range = useMemo(() => daysOf(state.range, whole), [state.range, whole]);
  const view = useMemo(() => viewOf(snapshot, range), [snapshot, range]);
  const badges: Partial<Record<ViewName, number>> = {
    users: view.users.length,
    targets: view.targets.length,
    metrics: head.metrics.length,
  };
  const shown = state.view || (isOfController(snapshot) ? 'metrics' : 'usage');
  const Shown = views[shown];
  return (
    <div class="frame">
      <header>
        <h1>{titleOf(snapshot)}</h1>
        <span class="period">{periodOf(snapshot)}</span>
        {live && <LiveSign live={live} />}
        <span class="spring" />
        <RangeChoice
          chosen={state.range}
          range={range}
          onChoose={(chosen) => change({ range: chosen, page: 1 })}
        />
        <button type="button" onClick={toggleTheme}>
          Dark or light
        </button>
      </header>
      <nav aria-label="Views">
        {(Object.keys(views) as ViewName[]).map((name) => (
          <a
            key={name}
            href={printState({ ...state, view: name, search: '', sort: '', page: 1 })}
            {...(shown === name && { 'aria-current': 'page' as const })}
          >
            {titles[name]}
            {badges[name] !== undefined && <span class="badge">{count(badges[name])}</span>}
          </a>
        ))}
      </nav>
      <main class="stack">
        <Shown snapshot={snapshot} view={view} state={state} onChange={change} />
      </main>
      <footer>
        Made by mirrormon {live ? 'live' : `of records until ${timeText(head.made)} UTC`};{' '}
        {count(head.records.read)} records read, {count(head.records.rejected)} of them not understood. Days
        and hours are UTC; a session counts on the day of its start.
      </footer>
    </div>
  );
}

function LiveSign({ live }: { live: 'follows' | 'lost' }) {
  return (
    <output class={live === 'lost' ? 'live lost' : 'live'}>
      {live === 'lost' ? 'connection lost, trying again' : '● live'}
    </output>
  );
}

function periodOf({ head }: Snapshot): string {
  if (head.period === undefined) return 'no records yet';
  return `${timeText(head.period.from)} to ${timeText(head.period.to)} UTC`;
}
