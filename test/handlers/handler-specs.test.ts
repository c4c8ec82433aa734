import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { handlerSpecs, handlerTypes, typeOptions } from '../../lib/handlers/handler-specs.ts';
import type { HandlerSpec, OptionSpecs } from '../../lib/handlers/spec.ts';
import { root } from '../helpers/root.ts';

t.test('every folder of a handler has a spec, and every spec a folder', async (t) => {
  const folders = readdirSync(join(root, 'lib/handlers'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .filter(({ name }) => readdirSync(join(root, 'lib/handlers', name)).includes('spec.ts'))
    .map(({ name }) => name);
  t.same(folders.sort(), [...handlerTypes].sort());
});

t.test('a key that two types share is one option', async (t) => {
  const all: OptionSpecs = typeOptions;
  for (const spec of Object.values(handlerSpecs) as HandlerSpec[]) {
    for (const [key, option] of Object.entries(spec.options))
      t.equal(option, all[key], `${spec.type}.${key}`);
  }
});

t.test('every type is described, and says what it does about errors', async (t) => {
  for (const spec of Object.values(handlerSpecs) as HandlerSpec[]) {
    t.match(spec.description, /^[a-z]/, spec.type);
    t.ok(
      spec.onError.includes('wait') && spec.onError.includes('fail') && spec.onError.includes('drop'),
      spec.type,
    );
  }
});
