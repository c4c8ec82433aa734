import t from 'tap';
import { MirrormonError } from '../../lib/errors.ts';
import type { Cluster } from '../../lib/roles/cluster.ts';
import { untilOver } from '../../lib/roles/loop.ts';
import type { Generation } from '../../lib/roles/membership.ts';

function surroundings() {
  const over = new AbortController();
  const told: string[] = [];
  const cluster = { tell: (text: string) => told.push(text) } as unknown as Cluster;
  const generation = { groupId: 'run-map', signal: over.signal } as unknown as Generation;
  return { over, told, cluster, generation };
}

t.test('what fails is done again in the same generation, and told', async (t) => {
  const { told, cluster, generation } = surroundings();
  let tries = 0;
  const work = async (): Promise<void> => {
    if (tries++ === 0) throw new Error('Connection closed');
  };
  await untilOver(cluster, generation, work, new AbortController().signal);
  t.equal(tries, 2);
  t.match(told, [
    /^group run-map: the broker closed the connection; .* what was not committed is done again$/,
  ]);
});

t.test('a commit that the group refuses is the end of the generation', async (t) => {
  const { told, cluster, generation } = surroundings();
  let tries = 0;
  const refused = Object.assign(new Error('many'), {
    errors: [Object.assign(new Error('no'), { apiId: 'ILLEGAL_GENERATION' })],
  });
  const work = async (): Promise<void> => {
    tries++;
    throw refused;
  };
  await untilOver(cluster, generation, work, new AbortController().signal);
  t.equal(tries, 1);
  t.match(told, [/^group run-map went on without this process/]);
});

t.test(
  'what no patience mends ends the run; what comes of a generation that is over is not told',
  async (t) => {
    const { over, told, cluster, generation } = surroundings();
    const signal = new AbortController().signal;
    const unusable = new MirrormonError('STATE_UNUSABLE', 'of another configuration');
    await t.rejects(
      untilOver(cluster, generation, () => Promise.reject(unusable), signal),
      unusable,
    );
    const late = async (): Promise<void> => {
      over.abort();
      throw new Error('Connection closed');
    };
    await untilOver(cluster, generation, late, signal);
    t.same(told, []);
  },
);
