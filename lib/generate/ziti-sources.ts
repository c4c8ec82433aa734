import type { Random } from './draws.ts';
import { Series, type SeriesType } from './series.ts';

const ROUTERS = 8;

type Line = readonly [SeriesType, string, number];

const controllerMetrics: readonly Line[] = [
  ['intValue', 'bolt.open_read_txs', 4],
  ['intValue', 'command.background.queue_size', 10],
  ['intValue', 'pool.listener.ctrl.worker_count', 3],
  ['floatValue', 'raft.rate_limiter.utilisation', 1],
  ['meter', 'identity.refresh', 20],
  ['timer', 'service.policy.enforcer.run', 3000],
  ['timer', 'services.list', 400],
  ['timer', 'api-session.create', 60],
  ['timer', '/edge/management/v1/edge-routers/:id.GET', 90],
];

const channelMetrics: readonly Line[] = [
  ['meter', 'ctrl.rx.bytesrate', 60_000],
  ['meter', 'ctrl.tx.msgrate', 300],
  ['histogram', 'ctrl.rx.msgsize', 12],
  ['histogram', 'ctrl.latency', 40_000],
];

const routerMetrics: readonly Line[] = [
  ['intValue', 'edge.connections', 40],
  ['intValue', 'pool.link.dialer.queue_size', 5],
  ['intValue', 'xgress.tx_unacked_payload_bytes', 65_536],
  ['meter', 'egress.tx.bytesrate', 900_000],
  ['meter', 'ingress.rx.msgrate', 5000],
  ['meter', 'fabric.tx.msgrate', 9000],
  ['meter', 'xgress.retransmissions', 12],
  ['histogram', 'fabric.rx.msgsize', 40],
  ['timer', 'xgress.tx_write_time', 900],
];

const linkMetrics: readonly Line[] = [
  ['meter', 'link.dropped_msgs', 3],
  ['meter', 'link.tx.bytesrate', 800_000],
  ['histogram', 'link.latency', 50_000],
  ['histogram', 'link.queue_time', 300],
];

/** What a metric belongs to besides its source: a channel or a link, by its id. */
export interface Entity {
  readonly id: string;
  /** Link tags: the routers at both ends. */
  readonly ends?: readonly [string, string] | undefined;
}

export interface SourceSeries {
  readonly series: Series;
  readonly entity?: Entity | undefined;
}

/** Someone who reports: the controller or a router. */
export interface Source {
  readonly id: string;
  /** Microseconds after the log's start at which its reports fall due first. */
  readonly phase: number;
  readonly series: readonly SourceSeries[];
}

/** A short id as the controller makes them. */
export function shortId(random: Random): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  return `${Array.from({ length: 8 }, () => alphabet[random.int(alphabet.length)]).join('')}Y`;
}

export const CONTROLLER = 'ctrl_client';

/** A controller and its routers, each router linked to the next two. */
export function makeSources(random: Random): Source[] {
  const series = (lines: readonly Line[], entity?: Entity): SourceSeries[] =>
    lines.map(([type, metric, scale]) => ({ series: new Series(type, metric, scale, random), entity }));
  const routers = Array.from({ length: ROUTERS }, () => shortId(random));
  const controller = [...series(controllerMetrics)];
  for (const id of routers) controller.push(...series(channelMetrics, { id }));
  const phase = () => random.int(60_000_000);
  const sources: Source[] = [{ id: CONTROLLER, phase: phase(), series: inOrderOfType(controller) }];
  routers.forEach((id, k) => {
    const own = series(routerMetrics);
    for (const step of [1, 2]) {
      const far = routers[(k + step) % ROUTERS] as string;
      own.push(...series(linkMetrics, { id: random.hex(3).slice(0, 22), ends: [id, far] }));
    }
    sources.push({ id, phase: phase(), series: inOrderOfType(own) });
  });
  return sources;
}

/** A report writes its events type by type. */
function inOrderOfType(list: SourceSeries[]): SourceSeries[] {
  const order: readonly SeriesType[] = ['intValue', 'floatValue', 'meter', 'histogram', 'timer'];
  return order.flatMap((type) => list.filter(({ series }) => series.type === type));
}
