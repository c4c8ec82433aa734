/** Event types of an OpenZiti controller; each is also the namespace of its events. */
export const eventTypes = [
  'alert',
  'apiSession',
  'authentication',
  'circuit',
  'cluster',
  'connect',
  'entityChange',
  'entityCount',
  'link',
  'metrics',
  'router',
  'sdk',
  'service',
  'session',
  'terminator',
  'usage',
] as const;

export type ZitiEventType = (typeof eventTypes)[number];

/** Kind of the events of a type, such as `event:circuit`. */
export const kindOfType = (type: string): string => `event:${type}`;

interface LegacyType {
  readonly type: ZitiEventType;
  /** What a controller writes as the namespace for a subscription by the old name. */
  readonly namespace: string;
}

/** Older names of subscription types. */
export const legacyTypes: Readonly<Record<string, LegacyType>> = {
  'edge.apiSessions': { type: 'apiSession', namespace: 'edge.apiSessions' },
  'edge.authentications': { type: 'authentication', namespace: 'authentication' },
  'edge.entityCounts': { type: 'entityCount', namespace: 'edge.entityCounts' },
  'edge.sessions': { type: 'session', namespace: 'edge.sessions' },
  'fabric.circuits': { type: 'circuit', namespace: 'fabric.circuits' },
  'fabric.links': { type: 'link', namespace: 'fabric.links' },
  'fabric.routers': { type: 'router', namespace: 'fabric.routers' },
  'fabric.terminators': { type: 'terminator', namespace: 'fabric.terminators' },
  'fabric.usage': { type: 'usage', namespace: 'fabric.usage' },
  services: { type: 'service', namespace: 'service.events' },
};

/** Every name by which OpenZiti's events can be subscribed to: the new ones, then the old ones. */
export const subscriptionNames: readonly string[] = [...eventTypes, ...Object.keys(legacyTypes)];

const isEventType = (name: string): name is ZitiEventType => (eventTypes as readonly string[]).includes(name);

/** The event type of a namespace as it stands in an event, by new and by legacy names. */
export function typeOfNamespace(namespace: string): ZitiEventType | undefined {
  if (isEventType(namespace)) return namespace;
  return Object.values(legacyTypes).find((legacy) => legacy.namespace === namespace)?.type;
}

/** The event type that a subscription of that name selects. */
export function typeOfSubscription(name: string): ZitiEventType | undefined {
  if (isEventType(name)) return name;
  return Object.hasOwn(legacyTypes, name) ? legacyTypes[name]!.type : undefined;
}

/** The namespace that a subscription by an old name gives its events; undefined = they keep theirs. */
export function namespaceOfSubscription(name: string): string | undefined {
  return Object.hasOwn(legacyTypes, name) ? legacyTypes[name]!.namespace : undefined;
}
