import type { Batch, Selection } from './batch/batch.ts';
import { Kinds, OTHER } from './batch/kinds.ts';
import { Wants } from './batch/wants.ts';
import type { Config } from './config.ts';
import { Restriction, type RestrictionOptions } from './filters/restriction.ts';
import { openSubscription, type Subscription } from './filters/subscription.ts';
import type { Ledger } from './ledger.ts';
import { boundText } from './metrics/bounds.ts';
import { allAreRead, metricsRead } from './metrics/demand.ts';
import type { OnMeasured } from './metrics/metric.ts';
import type { RefusalReason } from './metrics/refusals.ts';
import { Registry } from './metrics/registry.ts';
import { systems as allSystems } from './systems/index.ts';
import type { OpenSystem, SystemOptions } from './systems/system.ts';
import { Usage } from './usage/index.ts';

/** Everything that reads records, and what all of it wants of them: complete, so that parsers may be opened. */
export interface Readers {
  readonly wants: Wants;
  readonly kinds: Kinds;
  readonly systems: readonly OpenSystem[];
  /** Those that follow records over time for someone who reads it. */
  readonly following: readonly OpenSystem[];
  readonly registry: Registry;
  /** By handler. */
  readonly subscriptions: readonly (readonly Subscription[])[];
  /** Who used what: kept where someone shows it. */
  readonly usage: Usage | undefined;
  readonly restriction: Restriction | undefined;
}

/**
 * Sees what becomes of every record, so that it can be told; it changes nothing. Only what is measured record by record
 * can be seen, so parsers must not measure (PipelineOptions.referenceParser).
 */
export interface Observer {
  /** Everything is compiled, and nothing read yet. */
  opened(readers: Readers): void;
  readonly onMeasured: OnMeasured;
  /** A value that a metric could not take. */
  refused(metric: string, reason: RefusalReason, batch: Batch, row: number): void;
  /** What each handler's subscriptions selected of a flow, in the order of the flows. */
  selected(selection: Selection): void;
}

/** What is asked of records beside what the configuration says. */
export interface Demand {
  /** Whether series of metrics that no handler reads are kept, too. */
  readonly measuresAll: boolean;
  readonly usage?: boolean | 'sessions' | undefined;
  /** Whether usage is shown added up alone, and not one session after the other. */
  readonly settles?: boolean | undefined;
  /** See PipelineOptions. */
  readonly sessionIds?: boolean | undefined;
  /** Which records count at all; undefined = all. */
  readonly restriction?: RestrictionOptions | undefined;
  readonly observer?: Observer | undefined;
  readonly now?: (() => number) | undefined;
  readonly warn?: ((message: string) => void) | undefined;
}

/** Sessions that are over and stay one by one where usage is shown added up: for a while more is heard of them. */
const KEPT_SESSIONS = 1 << 14;

export function openReaders(config: Config, ledger: Ledger, demand: Demand): Readers {
  const { measuresAll, usage, settles, sessionIds, restriction, observer, now, warn } = demand;
  const isRead = measuresAll ? allAreRead : metricsRead(config);
  const wants = new Wants();
  const kinds = new Kinds();
  const options: SystemOptions = {
    seed: config.seed,
    sessionMaxAge: config.metrics.sessionMaxAge,
    maxSessions: config.metrics.maxSessions,
    onSessionsFull: () => {
      warn?.(
        `${config.metrics.maxSessions} sessions are open at a time, the most that are remembered: the oldest are taken for ended (metrics.maxSessions)`,
      );
    },
    sessions: config.handlers.some(({ subscriptions }) => subscriptions.some(({ type }) => type === 'spans')),
    onSessionGivenUp: () => {
      ledger.sessionsGivenUp++;
    },
  };
  const opened = allSystems.map((system) => ({ system, open: system.open(wants, kinds, options) }));
  const systems = opened.map(({ open }) => open);
  const registry = new Registry({
    config: isRead ? config.metrics : { ...config.metrics, rules: [] },
    seed: config.seed,
    wants,
    kinds,
    systems: isRead ? opened : [],
    isRead: isRead ?? allAreRead,
    onMeasured: observer?.onMeasured,
    onRefused: (metric, reason, again, batch, row) => {
      ledger.refuse(metric, reason, again);
      if (batch !== undefined && row !== undefined) observer?.refused(metric, reason, batch, row);
    },
    onBounded: (what, metric) => {
      if (ledger.bounded[what]++ === 0 || what === 'series') warn?.(boundText(what, metric, config.metrics));
    },
  });
  const subscriptions = config.handlers.map((handler) =>
    handler.subscriptions.map((subscription) => openSubscription(subscription, kinds, wants)),
  );
  const following = systems.filter(
    ({ compounds, gauges }) =>
      compounds !== undefined || gauges.some(({ definition }) => isRead?.(definition.name, 'floatValue')),
  );
  const seen = usage
    ? new Usage(wants, kinds, {
        now,
        sessionsOnly: usage === 'sessions',
        keepsIds: sessionIds,
        settling: settles
          ? { kept: KEPT_SESSIONS, open: config.metrics.maxSessions, maxAge: config.metrics.sessionMaxAge }
          : undefined,
      })
    : undefined;
  if (isRead !== undefined || usage === 'sessions') {
    const wanted = [...wantedKinds(subscriptions, following), ...(seen?.kinds ?? [])];
    registry.plan(config.seed, following, wanted, seen);
  }
  const readers: Readers = {
    wants,
    kinds,
    systems,
    following,
    registry,
    subscriptions,
    usage: seen,
    restriction:
      restriction &&
      new Restriction(restriction, wants, kinds, (records) => {
        ledger.outside += records;
      }),
  };
  observer?.opened(readers);
  return readers;
}

/** Kinds of records that somebody wants beside what is measured of them. */
function* wantedKinds(
  subscriptions: readonly (readonly Subscription[])[],
  following: readonly OpenSystem[],
): Generator<number> {
  yield OTHER;
  for (const { kinds } of subscriptions.flat()) {
    for (const [kind, selects] of kinds.entries()) if (selects === 1) yield kind;
  }
  // sessions in full are pieced together from their records
  for (const { compounds, observedKinds } of following) if (compounds !== undefined) yield* observedKinds;
}
