import { formatTimestamp } from '../../text/time.ts';
import type { Told } from './paragraphs.ts';
import type { RecordStory, Verdict } from './story.ts';
import type { SubscriptionAccount } from './subscription-account.ts';

/** The same as lines of JSON: a `record` each, then `metric` where one was asked for, and one `summary`. */
export function* jsonLines({ explanation, ledger }: Told, metric: string | undefined): Generator<string> {
  for (const story of explanation.stories) yield JSON.stringify({ record: recordOf(story) });
  const accounts = explanation.accounts.flat();
  if (metric !== undefined) {
    const account = explanation.metrics.get(metric);
    yield JSON.stringify({
      metric: {
        name: metric,
        measured: account?.measured ?? 0,
        series: account?.metric?.series.length ?? 0,
        kinds: Object.fromEntries(account?.kinds.entries ?? []),
        refused: Object.fromEntries(account?.refused.entries ?? []),
        events: Object.fromEntries(account?.events.entries ?? []),
        subscriptions: accounts.flatMap((one) => {
          const verdict = one.byMetric.get(metric);
          return verdict === undefined ? [] : [{ name: one.name, ...verdict }];
        }),
      },
    });
  }
  yield JSON.stringify({
    summary: {
      records: explanation.records,
      outside: explanation.outside,
      rejected: Object.fromEntries(ledger.rejected),
      kinds: Object.fromEntries(explanation.kinds.entries),
      series: ledger.series,
      subscriptions: accounts.map(subscriptionOf),
    },
  });
}

function recordOf({ time, offset, verdicts, touches, ...others }: RecordStory): object {
  return {
    ...others,
    offset: offset ?? null,
    time: Number.isNaN(time) ? null : formatTimestamp(time),
    measured: touches.map(({ labels, type: _, ...touch }) => ({
      ...touch,
      labels: Object.fromEntries(labels),
    })),
    touches: undefined,
    subscriptions: verdicts.map(verdictOf),
  };
}

function verdictOf({ account, result, refusals, keys }: Verdict): object {
  return { name: account.name, result, refusals, keys };
}

function subscriptionOf({ name, config, filters, read, made, left }: SubscriptionAccount): object {
  const { type } = config;
  const by = Array.from(left, ([filter, { count, found }]) => ({
    filter,
    count,
    found: Object.fromEntries(found.entries.slice(0, 20)),
  }));
  return { name, type, filters, read, made, left: by };
}
