import t from 'tap';
import { timeUnitOf } from '../../lib/events/metric-event.ts';

t.test('what distributions of metrics events are in', async (t) => {
  const cases: [metric: string, type: string, seconds: number | undefined][] = [
    ['pool.link.dialer.work_timer', 'timer', 1e-9],
    ['/edge/client/v1/sessions.POST', 'timer', 1e-9],
    ['link.latency', 'histogram', 1e-9],
    ['ctrl.queue_time', 'histogram', 1e-9],
    ['link.rx.msgsize', 'histogram', undefined],
    ['mirrord_sessions_duration', 'timer', 1],
    ['mirrormon_of_a_rule_bytes', 'histogram', undefined],
    ['link.latency', 'meter', undefined],
    ['mirrord_license_valid_seconds', 'floatValue', 1],
    ['edge.connections', 'intValue', undefined],
  ];
  for (const [metric, type, seconds] of cases)
    t.equal(timeUnitOf(metric, type), seconds, `${metric} ${type}`);
});
