export { costOf, PRICES, PRICES_AS_OF, type Meter, type Price } from './prices';
export { monthlyCost, MONTH_HOURS, totalOf, type CostLine, type Month } from './stack-cost';
export { costTable, MONTHS } from './cost-table';
export { QUOTAS, QUOTAS_AS_OF, regionalQuotas, type Quota } from './quotas';
