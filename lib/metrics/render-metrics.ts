import { Gauge, Registry } from '@prometheus-io/client';
import { readAuditChains } from './read-audit-chains.ts';
import { readLogins } from './read-logins.ts';
import { readQueues } from './read-queues.ts';
import { readRotations } from './read-rotations.ts';

/** All metrics in Prometheus' text format, read from the store now: every web process answers the same. */
export async function renderMetrics(): Promise<{ text: string; contentType: string }> {
  const metrics = (await Promise.all([readRotations(), readLogins(), readQueues(), readAuditChains()])).flat();
  const registry = new Registry();
  for (const { name, help, readings } of metrics) {
    // A gauge that is never set and has no labels would say 0.
    if (readings.length === 0) continue;
    const labelNames = Object.keys(readings[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels = {}, value } of readings) gauge.set(labels, value);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}
