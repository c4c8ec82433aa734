import { Random } from './draws.ts';
import type { Scenario } from './scenario.ts';
import { REPORT_SECONDS } from './series.ts';
import { logStart, TimeText } from './time-line.ts';
import type { JsonText, JsonWriter, Member } from './write-json.ts';
import { CONTROLLER, makeSources, type Source, type SourceSeries, shortId } from './ziti-sources.ts';

/** How often a source's report is followed by an event of another type. */
const OTHER_SHARE = 0.5;

interface Due {
  readonly source: Source;
  micros: number;
}

/** The event log of an OpenZiti controller, metrics events in version 3: one line per call, in the order of the log. */
export class ZitiEvents {
  private readonly json: JsonWriter;
  private readonly random: Random;
  private readonly time = new TimeText();
  private readonly due: Due[];
  private readonly routers: readonly string[];
  private readonly scenario: Scenario;
  private waiting: string[] = [];
  /** When the last line was written, since the epoch. */
  micros = logStart * 1000;

  constructor(json: JsonWriter, seed: number, scenario: Scenario) {
    this.json = json;
    this.scenario = scenario;
    this.random = new Random(seed);
    const sources = makeSources(this.random);
    this.routers = sources.slice(1).map(({ id }) => id);
    this.due = sources.map((source) => ({ source, micros: logStart * 1000 + source.phase }));
  }

  line(): string {
    let line = this.waiting.pop();
    while (line === undefined) {
      this.waiting = this.report().reverse();
      line = this.waiting.pop();
    }
    return line;
  }

  /** The lines of the report that falls due next, and sometimes of something that happened then. */
  private report(): string[] {
    const next = this.due.reduce((first, each) => (each.micros < first.micros ? each : first));
    const silence = this.scenario.silence();
    for (const each of this.due) each.micros += silence;
    this.micros = next.micros;
    const time = this.time.nanos(next.micros, this.random.int(1000));
    const eventId = this.uuid();
    const lines = next.source.series.map((each) => this.metric(next.source, each, time, eventId));
    if (this.random.unit() < OTHER_SHARE) lines.push(this.other(this.time.nanos(next.micros, 999)));
    next.micros += REPORT_SECONDS * 1e6 + this.random.int(1000);
    return lines;
  }

  private metric(source: Source, { series, entity }: SourceSeries, time: string, eventId: string): string {
    const { json } = this;
    const members = this.begin('metrics', time);
    members.push(json.plain('metric_type', series.type), json.plain('source_id', source.id));
    if (entity !== undefined) members.push(json.plain('source_entity_id', entity.id));
    members.push(json.plain('version', 3), json.plain('metric', series.metric));
    members.push(json.raw('metrics', this.plain(series.next())));
    // The controller adds a link's tags only while it knows the link.
    if (entity?.ends !== undefined && this.random.unit() < 0.9) {
      const [sourceRouterId, targetRouterId] = entity.ends;
      members.push(json.raw('tags', this.plain({ sourceRouterId, targetRouterId })));
    }
    members.push(json.plain('source_event_id', eventId));
    return this.finish(members);
  }

  private other(time: string): string {
    const { random } = this;
    const router_id = random.pick(this.routers);
    const draw = random.unit();
    if (draw < 0.5) return this.circuit(time, router_id);
    if (draw < 0.7) return this.router(time, router_id, random.unit() < 0.5);
    if (draw < 0.85) {
      const members = this.members({ event_type: 'sdk-online', identity_id: shortId(random) });
      return this.finish([...this.begin('sdk', time), ...members]);
    }
    const counts = {
      apiSessions: random.int(90),
      identities: 40,
      routers: this.routers.length,
      services: 12,
    };
    return this.finish([...this.begin('entityCount', time), this.json.raw('counts', this.plain(counts))]);
  }

  private router(time: string, router_id: string, online: boolean): string {
    const event_type = online ? 'router-online' : 'router-offline';
    const members = this.members({ event_type, router_id });
    return this.finish([
      ...this.begin('router', time),
      ...members,
      this.json.member('router_online', online),
    ]);
  }

  private circuit(time: string, router: string): string {
    const { json, random } = this;
    const clientId = shortId(random);
    // Go's encoder escapes what HTML would take for markup.
    const serviceId = `payments \\u0026 ledger \\u003c${random.int(12)}\\u003e`;
    const path = json.object([json.raw('nodes', JSON.stringify([router])), json.raw('links', 'null')]);
    return this.finish([
      ...this.begin('circuit', time),
      ...this.members({ version: 2, event_type: 'created', circuit_id: random.hex(2), client_id: clientId }),
      ...this.members({ service_id: serviceId, creation_timespan: random.int(3e6) }),
      json.raw('path', path),
      json.raw('tags', this.plain({ clientId, serviceId })),
    ]);
  }

  private begin(namespace: string, timestamp: string): Member[] {
    return this.members({ namespace, event_src_id: CONTROLLER, timestamp });
  }

  private members(values: Readonly<Record<string, string | number>>): Member[] {
    const members: Member[] = [];
    for (const key in values) members.push(this.json.plain(key, values[key] as string | number));
    return members;
  }

  private plain(values: Readonly<Record<string, string | number>>): JsonText {
    return this.json.object(this.members(values));
  }

  private finish(members: Member[]): string {
    return this.json.object(members) + this.json.lineEnd;
  }

  private uuid(): string {
    const digits = this.random.hex(4);
    const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16);
    const groups = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`];
    return `${groups.join('-')}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}
