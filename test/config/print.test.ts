import { readFile } from 'node:fs/promises';
import t from 'tap';
import { printConfig } from '../../lib/config/print.ts';
import { fixture } from '../helpers/root.ts';
import { read, said } from './read.ts';

t.test('what is printed gives the same configuration again', async (t) => {
  const withoutPlaces = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (key, inner) => (key === 'place' ? undefined : inner)));
  for (const name of ['complete.yml', 'controller.yml', 'helm-values.yaml', 'router.yml']) {
    const { config } = await read(await readFile(fixture('config', name), 'utf8'));
    const again = await read(await printConfig(config));
    t.same(said(again), [], name);
    t.same(withoutPlaces(again.config), withoutPlaces(config), name);
  }
});
