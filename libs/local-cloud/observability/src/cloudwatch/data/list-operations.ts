import { unsupported, type Engine } from '@outbox/local-cloud-kernel';
import { dimensionList } from '../../metrics/metric-id';
import type { MetricStore } from '../../metrics/metric-store';
import type { CloudwatchOperations } from '../alarms/put-alarm-operations';
import { page } from '../page';
import { LIST_PAGE } from '../limits';

const HOUR_MS = 3_600_000;
/** Metrics without data for so long are not listed. Source: API reference, ListMetrics. */
const LISTED_MS = 14 * 24 * HOUR_MS;
const RECENT_MS = 3 * HOUR_MS;

/** Which metrics there are. */
export function listOperations(engine: Pick<Engine, 'clock'>, metrics: MetricStore): CloudwatchOperations {
  return {
    ListMetrics: {
      requires: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
      handle: (input, context) => {
        for (const option of ['IncludeLinkedAccounts', 'OwningAccount'] as const) {
          if (input[option]) throw unsupported('cloudwatch', 'ListMetrics', option);
        }
        const wanted = input.Dimensions ?? [];
        const found = metrics
          .list(context, engine.clock.now() - (input.RecentlyActive ? RECENT_MS : LISTED_MS))
          .filter(({ namespace }) => input.Namespace === undefined || namespace === input.Namespace)
          .filter(({ name }) => input.MetricName === undefined || name === input.MetricName)
          .filter(({ dimensions }) =>
            wanted.every(({ Name = '', Value }) =>
              Value === undefined ? Name in dimensions : dimensions[Name] === Value,
            ),
          );
        const { items, NextToken } = page(found, input.NextToken, LIST_PAGE);
        return {
          Metrics: items.map((id) => ({ Namespace: id.namespace, MetricName: id.name, Dimensions: dimensionList(id) })),
          NextToken,
        };
      },
    },
  };
}
