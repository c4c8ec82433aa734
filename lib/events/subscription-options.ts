import { typeOfSubscription, type ZitiEventType } from './namespaces.ts';

/**
 * What a subscription's `include` chooses by: the field that names an event's kind or, of usage events, the object whose
 * keys are chosen.
 */
export interface Include {
  readonly field: string;
  /** Valid words; undefined = any. */
  readonly words?: readonly string[];
  /** Later controllers may know more words than these. */
  readonly open?: true;
}

/** Kinds of entities in a controller's store. */
const entityTypes = [
  'apiSessionCertificates',
  'apiSessions',
  'authPolicies',
  'authenticators',
  'cas',
  'configTypes',
  'configs',
  'controllers',
  'edgeRouterPolicies',
  'enrollments',
  'eventualEvents',
  'externalJwtSigners',
  'identities',
  'identityTypes',
  'mfas',
  'postureCheckTypes',
  'postureChecks',
  'revocations',
  'routers',
  'routers.edge',
  'serviceEdgeRouterPolicies',
  'servicePolicies',
  'services',
  'sessions',
  'terminators',
];

const includes: Partial<Record<ZitiEventType, Include>> = {
  apiSession: { field: 'event_type', words: ['created', 'deleted', 'refreshed', 'exchanged'] },
  authentication: { field: 'event_type', words: ['success', 'fail'] },
  circuit: { field: 'event_type', words: ['created', 'pathUpdated', 'deleted', 'failed'] },
  entityChange: { field: 'entityType', words: entityTypes, open: true },
  session: { field: 'event_type', words: ['created', 'deleted'] },
  usage: { field: 'usage' },
};

/** How `include` works for a subscription of that name; undefined where the type has no such option. */
export function includeOf(subscription: string): Include | undefined {
  const type = typeOfSubscription(subscription);
  return type === undefined ? undefined : includes[type];
}

/** Options besides `type` that a controller reads for a type. */
const options: Partial<Record<ZitiEventType, readonly string[]>> = {
  metrics: ['sourceFilter', 'metricFilter'],
  entityChange: ['include', 'includeParentEvents', 'propagateAlways'],
  entityCount: ['interval', 'propagateAlways'],
  usage: ['version', 'include'],
};

/** The options that mean something to a subscription of that name; the controller passes over all others. */
export function optionsOf(subscription: string): readonly string[] {
  const type = typeOfSubscription(subscription);
  if (type === undefined) return [];
  return options[type] ?? (includes[type] === undefined ? [] : ['include']);
}
