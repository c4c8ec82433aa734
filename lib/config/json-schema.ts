import { handlerSpecs } from '../handlers/handler-specs.ts';
import { handlerGroup, subscriptionGroup } from './event-schema.ts';
import { sections } from './schema.ts';
import { ofGroup, type Schema } from './setting-schema.ts';

/**
 * The configuration as a JSON schema (draft 2020-12), from the same specs that it is read by: for the completion and the
 * checks of editors. What the program alone can tell (expressions, levels) is text there.
 */
export function configSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mirrormon',
    description:
      "mirrormon's configuration. Sections of others (an OpenZiti controller's, the mirrord Operator's chart) may stand beside it.",
    type: 'object',
    properties: {
      ...Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, ofGroup(section)])),
      events: {
        type: ['object', 'null'],
        description: 'What is written where: by a name of your own, subscriptions and a handler.',
        additionalProperties: {
          type: 'object',
          required: ['subscriptions', 'handler'],
          properties: {
            subscriptions: { type: 'array', items: { ...ofGroup(subscriptionGroup), required: ['type'] } },
            handler: handler(),
          },
          additionalProperties: false,
        },
      },
    },
  };
}

function handler(): Schema {
  const conditions = Object.values(handlerSpecs).map((spec) => {
    const required = Object.entries(spec.options).flatMap(([key, option]) =>
      'required' in option ? [key] : [],
    );
    return {
      if: { properties: { type: { const: spec.type } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON schema
      then: { required: 'formatRequired' in spec ? [...required, 'format'] : required },
    };
  });
  return { ...ofGroup(handlerGroup), required: ['type'], allOf: conditions };
}
