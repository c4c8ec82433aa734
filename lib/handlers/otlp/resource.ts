import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { type KeyValue, text } from './any-value.ts';
import { unknownPod } from './pod.ts';

/** Resources that are kept: the pods that wrote the records. They are named by the records and may be hostile. */
const MOST_RESOURCES = 64;

/** What the records come from: the resources of the pods that wrote them, over what the environment and mirrormon say. */
export class Resources<T> {
  private readonly base: Resource;
  private readonly make: (resource: Resource) => T;
  private readonly known = new Map<string, T>();

  /**
   * @param serviceName service.name, unless OpenTelemetry's environment variables name another
   * @param make what is kept for a resource
   */
  constructor(serviceName: string, make: (resource: Resource) => T) {
    this.base = defaultResource()
      .merge(resourceFromAttributes({ 'service.name': serviceName }))
      .merge(detectResources({ detectors: [envDetector] }));
    this.make = make;
  }

  /** @param pod what the record itself says of the pod that wrote it */
  of(pod: Readonly<Record<string, string>>): T {
    const key = pod === unknownPod ? '' : JSON.stringify(pod);
    let found = this.known.get(key);
    if (found === undefined) {
      if (this.known.size >= MOST_RESOURCES) this.known.clear();
      found = this.make(this.base.merge(resourceFromAttributes(pod)));
      this.known.set(key, found);
    }
    return found;
  }
}

/** A resource's attributes as they are sent. */
export function resourceAttributes({ attributes }: Resource): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: text(String(value)) }));
}
