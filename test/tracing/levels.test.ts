import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { levels } from '../../lib/batch/batch.ts';
import { LevelSyntaxError, parseLevels, parseLevelsLossy } from '../../lib/tracing/levels.ts';
import { fixture } from '../helpers/root.ts';

/** What was asked of the real EnvFilter: an event of this target and level, inside these spans. */
interface Probe {
  readonly target: string;
  readonly level: string;
  readonly span?: readonly {
    readonly name: string;
    readonly target: string;
    readonly fields: Readonly<Record<string, { type: string; value: unknown }>>;
  }[];
  readonly spans_enabled?: number;
  readonly event_fields?: readonly string[];
  readonly when?: string;
}

interface Outcome {
  readonly on?: readonly number[];
  readonly off?: readonly number[];
}

interface Recorded extends Outcome {
  readonly directive: string | null;
  /** How the filter was made. */
  readonly via: string;
  readonly error?: string;
  readonly panic?: boolean;
  readonly lossy?: Outcome;
}

const { probes, directives } = JSON.parse(readFileSync(fixture('envfilter', 'cases.json'), 'utf8')) as {
  probes: readonly Probe[];
  directives: readonly Recorded[];
};

const strict = ['try_new', 'try_from_default_env'];
const lossy = ['new', 'from_default_env', 'from_env'];

/** Why a recording says nothing about us; the numbers are asserted below, so none can join unseen. */
function beyondReach({ via, directive, error, panic, on, off }: Recorded): string | undefined {
  if (via === 'builder_noregex') return 'expressions switched off in the program';
  if (via.startsWith('builder_')) return 'another default directive, set in the program';
  if (via.startsWith('new_add_')) return 'directives added in the program';
  if (directive === null) return 'unset: the Operator takes INFO, the bare library ERROR';
  if (error === undefined && !panic && on === undefined && off === undefined)
    return 'no outcome was recorded';
  return undefined;
}

/**
 * A log tells neither the module of a span nor its level. A directive with both a module and a span compares the
 * module with the record's own, so it can differ where the record is not of its span's module.
 */
function dependsOnSpanModule(directive: string, probe: Probe): boolean {
  return /(^|,)[^,[]+\[/.test(directive) && (probe.span ?? []).some(({ target }) => target !== probe.target);
}

/** The spans as the record's JSON would carry them: those entered, and not switched off themselves. */
function spansInLog({ span = [], spans_enabled, when }: Probe) {
  if (when === 'after exit' || spans_enabled === 0) return [];
  return span.map(({ name, fields }) => ({
    name,
    fields: Object.fromEntries(
      Object.entries(fields).map(([key, { value }]) => [key, value === 'NaN' ? null : value]),
    ),
  }));
}

const seen = new Map<string, number>();

function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

function compare(
  t: Pick<Test, 'fail'>,
  directive: string,
  outcome: Outcome,
  make: () => ReturnType<typeof parseLevels>,
): void {
  const filter = make();
  for (const [wanted, indexes] of [
    [true, outcome.on ?? []],
    [false, outcome.off ?? []],
  ] as const) {
    for (const index of indexes) {
      const probe = probes[index]!;
      if (dependsOnSpanModule(directive, probe)) {
        count("probe: the span's module");
        continue;
      }
      count('compared');
      const hasField = (name: string) => probe.event_fields?.includes(name) ?? false;
      const level = levels.indexOf(probe.level as (typeof levels)[number]);
      const got = filter.enabled(level, probe.target, spansInLog(probe), hasField);
      if (got !== wanted) t.fail(`${JSON.stringify(directive)} on ${JSON.stringify(probe)}`, { got, wanted });
    }
  }
}

t.test('the outcome of the real EnvFilter, wherever a log carries what decides', async (t) => {
  for (const recorded of directives) {
    const reason = beyondReach(recorded);
    if (reason !== undefined) {
      count(reason);
      continue;
    }
    const { via, error, panic } = recorded;
    const directive = recorded.directive!;
    if (error !== undefined || panic) {
      t.throws(() => parseLevels(directive), LevelSyntaxError, `${JSON.stringify(directive)} is refused`);
      count('refused');
    } else {
      t.ok(strict.includes(via) || lossy.includes(via), via);
      const make = () =>
        strict.includes(via) ? parseLevels(directive) : parseLevelsLossy(directive, () => {});
      compare(t, directive, recorded, make);
    }
    if (recorded.lossy) compare(t, directive, recorded.lossy, () => parseLevelsLossy(directive, () => {}));
  }
  t.same(Object.fromEntries(seen), {
    compared: 2447,
    refused: 41,
    "probe: the span's module": 45,
    'no outcome was recorded': 1,
    'expressions switched off in the program': 2,
    'unset: the Operator takes INFO, the bare library ERROR': 3,
    'another default directive, set in the program': 7,
    'directives added in the program': 7,
  });
});

t.test('what counts of a filter reads as the same filter', async (t) => {
  for (const text of ['info', 'mirrord=debug,info', '[session{id=7}]=debug,warn', '!x,debug', ',', '']) {
    const filter = parseLevelsLossy(text, () => {});
    t.equal(parseLevels(filter.text).text, filter.text, JSON.stringify(text));
  }
  t.equal(parseLevelsLossy('!x,debug,y=lots', () => {}).text, 'debug');
  t.equal(parseLevelsLossy('', () => {}).text, 'error');
});

t.test('a mistake has its column and advice', async (t) => {
  const cases: [text: string, column: number, message: RegExp, hint?: RegExp][] = [
    ['mirrord=lots', 9, /"lots" is not a level: off, error, warn, info, debug, trace, or 0 to 5/],
    ['info,mirrord=lots', 14, /"lots"/],
    ['info, mirrord=debug', 14, /is not a level/, /leave out the spaces/],
    ['*', 1, /cannot begin with "\*"/],
    ['[session', 9, /a \] is missing/],
    ['[a{b,c}]=info', 5, /a \] is missing/, /a comma cannot stand inside/],
    ['[a{}]', 4, /a field is missing/],
    ['[a{b}c]', 6, /a \] must follow/],
    ['[a]c', 4, /only =LEVEL may follow/],
    ['[{a=(}]', 5, /missing closing \)/],
    ['[{a=\\w}]', 5, /not known/],
  ];
  for (const [text, column, message, hint] of cases) {
    t.throws(() => parseLevels(text), { column, message, ...(hint && { hint }) }, text);
  }
});

t.test('what is dropped is told', async (t) => {
  const told: string[] = [];
  parseLevelsLossy('!x,debug', (message) => told.push(message));
  t.match(told, [/^"!x" is ignored: .*cannot begin/]);
  told.length = 0;
  parseLevelsLossy('!x', (message) => told.push(message));
  t.match(told, [/"!x" is ignored/, /only errors are let through/]);
});

t.test('what a filter needs to know of a record', async (t) => {
  const needs = (text: string) => {
    const { needsSpans, needsFields } = parseLevels(text);
    return { needsSpans, needsFields };
  };
  t.same(needs('mirrord=debug,info'), { needsSpans: false, needsFields: false });
  t.same(needs('[session]=debug'), { needsSpans: true, needsFields: false });
  t.same(needs('[{port}]=debug'), { needsSpans: true, needsFields: true });
  t.same(needs('[{port=80}]=debug'), { needsSpans: true, needsFields: false });
  const levelAlone = (text: string) => parseLevels(text).needsLevelOnly;
  t.same(['info', 'off', ''].map(levelAlone), [true, true, true]);
  t.same(['mirrord=info', 'info,kube=off', 'info,[x]=debug', '[{port}]=debug'].map(levelAlone), [
    false,
    false,
    false,
    false,
  ]);
});

t.test('a record without a level counts as INFO', async (t) => {
  t.equal(parseLevels('info').enabled(0, 'x'), true);
  t.equal(parseLevels('warn').enabled(0, 'x'), false);
});

t.test('numbers beyond 2^53 and values of other types', async (t) => {
  const inSpan = (text: string, value: unknown) =>
    parseLevels(text).enabled(3, 'x', [{ name: 's', fields: { id: value } }]);
  t.equal(inSpan('[{id=12845969263990981773}]', 12845969263990981773n), true);
  t.equal(inSpan('[{id=12845969263990981773}]', 12845969263990981772n), false);
  t.equal(inSpan('[{id=7}]', '7'), false, 'a text is no number');
  t.equal(inSpan('[{id=7}]', null), false);
  t.equal(inSpan('[{id=true}]', 'true'), false);
  t.equal(inSpan('[{id=a+}]', { a: 1 }), false);
});

t.test('hostile expressions cost linear time', async (t) => {
  const filter = parseLevels('[{a=(a+)+$}]');
  t.equal(filter.enabled(3, 'x', [{ name: 's', fields: { a: `${'a'.repeat(20_000)}!` } }]), false);
});
