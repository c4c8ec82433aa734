import t from 'tap';
import { subscriptionNames } from '../../lib/events/namespaces.ts';
import { read, said } from './read.ts';

const yaml = (subscription: string): string =>
  `events:\n  h:\n    subscriptions:\n      - ${subscription}\n    handler: { type: stdout }\n`;

async function subscription(text: string) {
  const { config } = await read(yaml(text));
  return config.handlers[0]?.subscriptions[0];
}

t.test('every name that OpenZiti knows is a subscription type, and so is logs', async (t) => {
  for (const type of [...subscriptionNames, 'logs'])
    t.same(said(await read(yaml(`{ type: ${type} }`))), [], type);
  const [line] = said(await read(yaml('{ type: circuits }')));
  t.match(line, /circuits is no event type.*did you mean circuit\?/);
  for (const type of [...subscriptionNames, 'logs']) t.ok(line?.includes(type), `${type} is listed`);
});

t.test('options of each type are read', async (t) => {
  t.match(await subscription('{ type: usage, version: "3", include: [egress.rx] }'), {
    version: 3,
    include: ['egress.rx'],
  });
  t.match(await subscription('{ type: circuit, include: failed }'), { include: ['failed'] });
  t.match(
    await subscription('{ type: circuit, include: [] }'),
    { include: undefined },
    'none are all, as there',
  );
  t.match(await subscription('{ type: entityChange, includeParentEvents: "TRUE", include: [services] }'), {
    includeParentEvents: true,
    include: ['services'],
  });
  t.match(await subscription('{ type: edge.entityCounts, interval: 30s, propagateAlways: true }'), {
    type: 'edge.entityCounts',
  });
});

t.test('mistakes in them are errors, with the place and the valid words', async (t) => {
  const cases: [text: string, said: RegExp][] = [
    ['{ type: usage, version: 4 }', /^error c.yml:4:33: .*version must be 2 or 3, not 4/],
    ['{ type: entityCount, interval: 5 }', /^error c.yml:4:40: .*interval must be a duration.*such as 5s/],
    ['{ type: entityCount, interval: soon }', /^error .*interval must be a duration of 1ms or more/],
    [
      '{ type: circuit, include: [created, faild] }',
      /^error c.yml:4:45: .*created, pathUpdated, deleted or failed, not "faild"; did you mean failed\?/,
    ],
    ['{ type: edge.sessions, include: refreshed }', /^error c.yml:4:41: .*must be created or deleted/],
    ['{ type: authentication, include: [ok] }', /^error .*must be success or fail, not "ok"/],
    ['{ type: entityChange, include: [] }', /^error .*include is empty/],
    ['{ type: usage, version: 3, include: [] }', /^error .*include is empty/],
    ['{ type: entityChange, includeParentEvents: 1 }', /^error .*must be true or false, not 1/],
  ];
  for (const [text, line] of cases) {
    const found = said(await read(yaml(text)));
    t.equal(found.length, 1, found.join('\n'));
    t.match(found, [line]);
  }
});

t.test('what a type does not have is no mistake but a warning', async (t) => {
  const cases: [text: string, said: RegExp][] = [
    [
      '{ type: circuit, metricFilter: 5 }',
      /^warning c.yml:4:26: .*metricFilter has no effect on a subscription of type circuit; its options are include/,
    ],
    ['{ type: connect, include: [x] }', /^warning .*include has no effect.*it has no options/],
    [
      '{ type: metrics, version: 7 }',
      /^warning .*version has no effect.*options are sourceFilter, metricFilter/,
    ],
    ['{ type: logs, sourceFilter: x }', /^warning .*options are level, messageFilter, fieldFilter/],
    [
      '{ type: usage, include: [egress.rx] }',
      /^warning .*include has no effect on usage events of version 2.*add version: 3/,
    ],
    ['{ type: entityChange, include: [gizmos] }', /^warning .*names gizmos, which no known controller has/],
    [
      '{ type: metrics, metricsFilter: x }',
      /^warning .*metricsFilter is not a setting; did you mean metricFilter\?/,
    ],
  ];
  for (const [text, line] of cases) {
    const found = said(await read(yaml(text)));
    t.equal(found.length, 1, found.join('\n'));
    t.match(found, [line]);
  }
});
