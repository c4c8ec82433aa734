import { handlerGroup, subscriptionGroup } from './event-schema.ts';
import { conditionGroup, fieldTestGroup } from './rule-conditions.ts';
import { elapsedGroup, ruleGroup } from './rules.ts';
import { sections } from './schema.ts';
import type { Fields, Group } from './setting.ts';

/** Every group of settings, by what stands before its keys in a path. */
export const groupsByPrefix: readonly (readonly [prefix: string, group: Group<Fields>])[] = [
  ...Object.entries(sections).map(([name, section]) => [`${name}.`, section] as const),
  ['metrics.rules[].', ruleGroup],
  ['metrics.rules[].when.', conditionGroup],
  ['metrics.rules[].when.fields.NAME.', fieldTestGroup],
  ['metrics.rules[].value.', elapsedGroup],
  ['events.NAME.subscriptions[].', subscriptionGroup],
  ['events.NAME.handler.', handlerGroup],
];

/** Words of one piece that no other system's file has; with a capital in it, a name is distinctive anyway. */
const ownWords: readonly string[] = [
  'subscriptions',
  'handler',
  'maxsizemb',
  'maxbackups',
  'reservoir',
  'buckets',
];

function addHomes(group: Group<Fields>, prefix: string, into: Map<string, string[]>): void {
  for (const [key, field] of Object.entries(group.fields)) {
    const homes = into.get(key) ?? [];
    homes.push(prefix + key);
    into.set(key, homes);
    if (field.kind === 'group') addHomes(field, `${prefix}${key}.`, into);
  }
}

/** Where a key belongs that stands at a wrong level: see `Reading.homesOf`. */
export function newHomes(): (key: string, distinctive: boolean) => readonly string[] {
  let homes: Map<string, string[]> | undefined;
  return (key, distinctive) => {
    if (distinctive && !/[A-Z]/.test(key) && !ownWords.includes(key)) return [];
    if (homes === undefined) {
      homes = new Map([
        ['subscriptions', ['events.NAME.subscriptions']],
        ['handler', ['events.NAME.handler']],
      ]);
      for (const [prefix, group] of groupsByPrefix) addHomes(group, prefix, homes);
    }
    return homes.get(key) ?? [];
  };
}
