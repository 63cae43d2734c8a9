export { costOf, PRICES, PRICES_AS_OF, type Meter, type Price } from './prices';
export {
  batchSeconds,
  eventsCost,
  eventUnits,
  GUARANTEES,
  ITEM_UNITS,
  millionBy,
  plainUnits,
  type EventPath,
  type EventUnits,
  type Guarantee,
} from './event-cost';
export { monthlyCost, MONTH_HOURS, totalOf, type CostLine, type Month } from './stack-cost';
export { type CustomMetrics } from './custom-metrics';
export { costTable, guaranteeTable, MONTHS } from './cost-table';
export { QUOTAS, QUOTAS_AS_OF, regionalQuotas, type Quota } from './quotas';
