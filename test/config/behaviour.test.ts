import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { fixture } from '../helpers/root.ts';
import { read, said } from './read.ts';

/**
 * What a real OpenZiti controller does on each of these files is known; [] is silence there and here, unless the
 * comment says why we speak. The place is that of the mistake in the file.
 */
const expected: Readonly<Record<string, readonly RegExp[]>> = {
  '01-unknown-subscription-type': [/^warning c.yml:4:15: .*nosuch.type is no event type.*fabric.circuits/],
  '02-missing-handler': [/^error c.yml:2:3: events.h1.handler is missing/],
  '03-missing-subscriptions': [/^error c.yml:2:3: events.h1.subscriptions is missing/],
  '04-bad-sourceFilter': [
    /^error c.yml:5:23: .*sourceFilter is not a valid expression: missing closing \]: `\[`/,
  ],
  '05-bad-metricFilter': [/^error c.yml:5:23: .*missing argument to repetition operator: `\*`; write \.\*/],
  '06-no-path': [/^error c.yml:5:5: events.h1.handler has no path/],
  '07-unknown-handler-type': [
    /^error c.yml:6:13: .*must be file, stdout, prometheus, otlp, kafka or report, not "mqtt"/,
  ],
  '08-unknown-format': [/^error c.yml:7:15: .*format must be json, table or logs, not "xml"/],
  '09-no-format': [/^error c.yml:5:5: events.h1.handler has no format.*add format: json/],
  // The folders of 10 and 11 are looked at when the handler opens, not by the configuration.
  '10-path-dir-missing': [],
  '11-path-is-directory': [],
  '12-path-not-string': [/^error c.yml:8:13: .*path must be text, not 42/],
  '13-no-handler-type': [/^error c.yml:5:5: events.h1.handler has no type; add type: file, stdout/],
  '14-subscription-no-type': [/^error c.yml:4:9: events.h1.subscriptions\[0\] has no type/],
  '15-subscriptions-not-list': [/^error c.yml:4:7: .*subscriptions must be a list, not a map; .*dash/],
  '16-subscriptions-empty-list': [],
  '17-filter-not-string': [/^error c.yml:5:23: .*metricFilter must be text.*not 5; put it in quotes: "5"/],
  '18-handler-not-map': [/^error c.yml:5:14: events.h1.handler must be a map with a type, not "file"/],
  // Silently ignored by the controller, which helps nobody.
  '19-entry-not-map-ignored': [/^warning c.yml:2:7: events.h1 is no map and is ignored/],
  '20-maxsizemb-string-ignored': [
    /^warning c.yml:10:18: .*maxsizemb must be a whole number, not "1": .*10 counts; write 1 without quotes/,
    /^warning c.yml:11:19: .*maxbackups must be a whole number, not "2": .*0 counts/,
  ],
  '21-stdout-handler': [],
  '22-usage-bad-version': [/^error c.yml:5:18: .*version must be 2 or 3, not 4/],
  '23-lookaround-regexp': [/^error c.yml:5:23: .*invalid or unsupported Perl syntax: `\(\?!`; .*RE2/],
  '24-bad-second-subscription-after-good': [/^error c.yml:6:23: .*subscriptions\[1\].metricFilter/],
  '25-negative-bufferSize': [/^error c.yml:9:19: .*bufferSize must be a whole number .*not -1/],
  '26-case-of-type': [
    /^error c.yml:6:13: .*not "File"; did you mean file\?/,
    /^warning c.yml:4:15: .*Metrics is no event type.*did you mean metrics\?/,
  ],
  '30-metrics-reportInterval-only': [],
  '31-enospc': [],
};

t.test('every file has its expectation', async (t) => {
  const names = readdirSync(fixture('config', 'behaviour')).map((name) => name.replace('.yml', ''));
  t.same(names.sort(), Object.keys(expected).sort());
});

for (const [name, lines] of Object.entries(expected)) {
  t.test(name, async (t) => {
    const loaded = await read(await readFile(fixture('config', 'behaviour', `${name}.yml`), 'utf8'));
    const got = said(loaded);
    t.equal(got.length, lines.length, got.join('\n'));
    t.match(got, lines);
  });
}

t.test('a subscription of an unknown type leaves the others at work', async (t) => {
  const file = fixture('config', 'behaviour', '01-unknown-subscription-type.yml');
  const { config } = await read(await readFile(file, 'utf8'));
  t.match(config.handlers[0]?.subscriptions, [{ type: 'metrics', metricFilter: 'worker_count' }]);
  t.equal(config.handlers[0]?.subscriptions.length, 1);
});

t.test('what is ignored has its default', async (t) => {
  const file = fixture('config', 'behaviour', '20-maxsizemb-string-ignored.yml');
  const { config } = await read(await readFile(file, 'utf8'));
  t.match(config.handlers, [{ maxsizemb: 10, maxbackups: 0 }]);
});

t.test('values of the interval and the queue, as the controller and the router react to them', async (t) => {
  const cases: [yaml: string, said: RegExp | undefined][] = [
    [
      'network: { metricsReportInterval: 5 }',
      /^error c.yml:1:35: network.metricsReportInterval must .*write|unit, such as 5s/,
    ],
    ['network: { metricsReportInterval: soon }', /^error .*must be a duration of 1ms or more.*not "soon"/],
    ['network: { metricsReportInterval: 0s }', /^error .*1ms or more.*not "0s"/],
    ['metrics: { reportInterval: 1ns }', /^error .*1ms or more.*not "1ns"/],
    ['metrics: { reportInterval: -5s }', /^error .*1ms or more.*not "-5s"/],
    ['metrics: { reportInterval: 5 }', /^error c.yml:1:28: .*not 5; give the unit, such as 5s/],
    ['metrics: { messageQueueSize: ten }', /^error c.yml:1:30: .*whole number .*not "ten"/],
    ['metrics: { messageQueueSize: -1 }', /^error .*not -1/],
    ['metrics: { messageQueueSize: 0 }', undefined],
    ['metrics: { reportInterval: 20s, eventQueueSize: 256, intervalAgeThreshold: 5s }', undefined],
  ];
  for (const [yaml, line] of cases) {
    const got = said(await read(yaml));
    if (line === undefined) t.same(got, [], yaml);
    else t.match(got, [line], yaml);
  }
});
