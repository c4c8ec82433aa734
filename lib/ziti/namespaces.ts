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

/** Older names of subscription types and the namespace that a controller writes for them. */
export const legacyTypes: Readonly<Record<string, { type: string; namespace: string }>> = {
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

/** The event type of a namespace as it stands in an event, by new and by legacy names. */
export function typeOfNamespace(namespace: string): string | undefined {
  if ((eventTypes as readonly string[]).includes(namespace)) return namespace;
  return Object.values(legacyTypes).find((legacy) => legacy.namespace === namespace)?.type;
}

/** The event type that a subscription of that type selects. */
export function typeOfSubscription(name: string): string | undefined {
  if ((eventTypes as readonly string[]).includes(name)) return name;
  return Object.hasOwn(legacyTypes, name) ? legacyTypes[name]!.type : undefined;
}
