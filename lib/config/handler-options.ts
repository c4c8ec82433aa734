import type { OptionGroupSpec, OptionSpec, OptionSpecs, OptionType } from '../handlers/spec.ts';
import { address, caselessOneOf, duration, integer, oneOf, text } from './scalars.ts';
import { type Fields, type Group, group, type Setting, setting } from './setting.ts';
import { url, version } from './special.ts';
import type { ValueKind } from './value-kind.ts';

interface Named {
  text: string;
  address: string;
  url: string;
  duration: number;
  version: 2 | 3;
}

type ValueOf<T extends OptionType> = T extends keyof Named
  ? Named[T]
  : T extends { readonly oneOf: readonly (infer W)[] }
    ? W
    : number;

/** As a program writes it: a duration is text there. */
type WrittenOf<T extends OptionType> = T extends 'duration' ? string : ValueOf<T>;

type SettingOf<O> = O extends OptionSpec
  ? Setting<
      O['default'] extends undefined ? ValueOf<O['type']> | undefined : ValueOf<O['type']>,
      WrittenOf<O['type']>
    >
  : O extends OptionGroupSpec
    ? Group<SettingsOf<O['options']>>
    : never;

export type SettingsOf<S extends OptionSpecs> = { readonly [K in keyof S]: SettingOf<S[K]> };

const named = { text, address, url, duration: duration({ least: 0 }), version };

function kindOf(type: OptionType): ValueKind<unknown> {
  if (typeof type === 'string') return named[type];
  if ('integer' in type) return integer(...type.integer);
  return type.anyCase ? caselessOneOf(...type.oneOf) : oneOf(...type.oneOf);
}

/** The settings that a handler's options are in a configuration. */
export function settingsOf<const S extends OptionSpecs>(specs: S): SettingsOf<S> {
  const settings: Record<string, Fields[string]> = {};
  for (const [key, spec] of Object.entries(specs)) {
    if ('options' in spec) settings[key] = group(settingsOf(spec.options));
    else {
      const { type, required, ...about } = spec;
      settings[key] = setting(kindOf(type), about);
    }
  }
  return settings as SettingsOf<S>;
}
