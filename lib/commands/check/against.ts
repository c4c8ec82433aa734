import type { LoadedConfig } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import type { MirrormonError } from '../../errors.ts';
import { readInputs } from '../../inputs/sources.ts';
import { openPipeline } from '../../pipeline.ts';
import type { Io } from '../io.ts';
import { placeAt } from './advice.ts';

/**
 * Reads logs with the subscriptions of a configuration, writes nothing, and tells which of them selected nothing.
 * @throws {MirrormonError} INPUT_UNREADABLE for a log that cannot be read
 */
export async function triedAgainst(
  { config }: LoadedConfig,
  logs: readonly string[],
  stdin: Io['stdin'] = process.stdin,
): Promise<Problem[]> {
  const counts = config.handlers.map(({ subscriptions }) => subscriptions.map(() => 0));
  let opened = 0;
  const pipeline = openPipeline(config, {
    openHandler({ name, type }) {
      const mine = counts[opened++]!;
      return {
        name,
        type,
        open: async () => {},
        write(_flow, { count, subscription }) {
          for (let k = 0; k < count; k++) mine[subscription[k]!]! += 1;
          return 0;
        },
        close: async () => {},
      };
    },
  });
  let failure: MirrormonError | undefined;
  const inputs = readInputs(logs, {
    stdin,
    onError(error) {
      failure ??= error;
    },
  });
  try {
    await pipeline.run(inputs);
  } finally {
    await pipeline.close();
  }
  if (failure !== undefined) throw failure;
  const { records } = pipeline.ledger.read;
  return config.handlers.flatMap(({ name, subscriptions }, handler) =>
    subscriptions.flatMap(({ place }, k) => {
      const at = placeAt(place);
      if (at.file === undefined || counts[handler]![k]! > 0) return [];
      const path = `events.${name}.subscriptions[${k}]`;
      const message = `${path} selects nothing of the ${records} records of ${logs.join(', ')}`;
      return [
        {
          severity: 'warning' as const,
          ...at,
          path,
          message,
          hint: 'loosen its filters, or try another log',
        },
      ];
    }),
  );
}
