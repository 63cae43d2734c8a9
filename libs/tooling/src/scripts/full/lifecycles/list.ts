import {
  deleteAlarm,
  deleteAlias,
  deleteApi,
  deleteArchive,
  deleteBus,
  deleteDashboard,
  deleteFunction,
  deleteLogGroup,
  deleteMapping,
  deletePipe,
  deleteQueue,
  deleteRole,
  deleteRolePolicy,
  deleteRoute,
  deleteRule,
  deleteSchedule,
  deleteScheduleGroup,
  deleteStage,
  deleteTable,
  deleteTargets,
} from './by-hand.ts';
import type { Lifecycle } from './lifecycle.ts';

const orderView = {
  policy: 'latest',
  on: { order: [] },
  indexes: { byCustomer: { hash_key: 'customerId', range_key: 'placedAt' } },
};
const others = {
  fulfilment: {
    policy: 'once',
    on: { order: ['OrderCreated'], shipment: ['ShipmentCancellationRequested'] },
    emits: true,
  },
  notifications: { policy: 'in-order', on: { order: [] } },
  'order-progress': {
    policy: 'once',
    on: { order: ['OrderUpdated'], shipment: ['ShipmentBooked', 'ShipmentRefused'] },
    emits: true,
  },
};
const usual = { 'order-view': orderView, ...others };
const once = { policy: 'once', on: { order: [] } };

/** Consumers that come and go, by name: small ones are built for the lifecycles. */
export const guests: readonly string[] = ['audit', 'ledger'];

const notifications = 'module.consumers["notifications"].module.handler';

/**
 * What a stack goes through in years, one after the other on one stack. The order counts: what a line leaves behind is
 * what the next one starts from.
 */
export const lifecycles: readonly Lifecycle[] = [
  { name: 'a consumer is added', variables: { consumers: { ...usual, audit: once } } },
  { name: 'it is renamed', variables: { consumers: { ...usual, ledger: once } } },
  { name: 'it is removed', variables: { consumers: usual } },
  { name: 'two are added at once', variables: { consumers: { ...usual, audit: once, ledger: once } } },
  { name: 'one of them is removed', variables: { consumers: { ...usual, audit: once } } },
  { name: 'the other is removed in the next apply', variables: { consumers: usual } },
  {
    name: 'the last consumer is removed',
    variables: { consumers: {} },
    interrupts: 'order-query goes with order-view',
  },
  { name: 'all consumers come back' },
  {
    name: "a consumer's policy changes",
    variables: { consumers: { ...usual, notifications: { ...others.notifications, park_budget_seconds: 7200 } } },
  },
  { name: 'alarms are switched off', variables: { observability: 'none' } },
  { name: 'alarms are switched on in part', variables: { observability: 'essential' } },
  { name: 'alarms are switched on' },
  { name: 'the archive is switched off', variables: { archive: false } },
  { name: 'the archive is switched on' },
  { name: 'everything is put under a customer key', variables: { encryption_key: 'create' } },
  // What is in a queue under a key can't be read once the key is gone: so the queues run empty first.
  {
    name: 'the outbox is paused to take the customer key away',
    variables: { encryption_key: 'create', paused: ['outbox'] },
  },
  { name: 'the customer key is taken away', variables: { paused: ['outbox'] } },
  { name: 'the outbox goes on without the customer key' },
  {
    name: 'the API is replaced',
    replace: ['module.http_api.aws_apigatewayv2_api.this'],
    interrupts: 'its address changes',
  },
  // Names of roles are the account's, whatever their path: the old one goes first.
  {
    name: 'roles move to another path',
    variables: { role_path: '/teams/' },
    interrupts: 'its functions have no role for a moment',
  },
  { name: 'roles move back', interrupts: 'its functions have no role for a moment' },
  { name: 'the bus is replaced', replace: ['module.outbox.aws_cloudwatch_event_bus.this[0]'] },
  { name: 'the pipe is replaced', replace: ['module.outbox.aws_pipes_pipe.this'] },
  { name: 'a queue is replaced', replace: [`${notifications}.aws_sqs_queue.this`] },
  { name: 'a dead-letter queue is replaced', replace: [`${notifications}.module.dlq.aws_sqs_queue.this`] },
  {
    name: 'what connects and watches is deleted by hand',
    deleteByHand: (names) => {
      const { prefix } = names;
      return [
        () => deleteRoute(names, 'GET /orders/{orderId}'),
        () => deleteAlarm(names, `${prefix}-unhealthy`),
        () => deleteAlarm(names, `${prefix}-notifications-dlq`),
        () => deleteDashboard(names, prefix),
        () => deleteLogGroup(names, `/aws/lambda/${prefix}-notifications`),
        () => deleteTargets(names, `${prefix}-events`, `${prefix}-notifications`),
        () => deleteRule(names, `${prefix}-events`, `${prefix}-order-view`),
        () => deleteMapping(names, `${prefix}-notifications`),
        () => deleteAlias(names, `${prefix}-outbox-relay`),
        () => deleteRolePolicy(names, `${prefix}-notifications`),
        () => deleteSchedule(names, `${prefix}-outbox-sweeper`, `${prefix}-outbox-sweeper`),
        () => deleteArchive(names, `${prefix}-events`),
      ];
    },
  },
  {
    name: 'what runs is deleted by hand',
    deleteByHand: (names) => {
      const { prefix } = names;
      return [
        () => deleteFunction(names, `${prefix}-notifications`),
        () => deleteFunction(names, `${prefix}-outbox-relay`),
        () => deleteRole(names, `${prefix}-fulfilment`),
        () => deletePipe(names, `${prefix}-outbox-pipe`),
        () => deleteScheduleGroup(names, `${prefix}-outbox-sweeper`),
      ];
    },
  },
  {
    name: 'a queue and a dead-letter queue are deleted by hand',
    deleteByHand: (names) => [
      () => deleteQueue(names, `${names.prefix}-notifications`),
      () => deleteQueue(names, `${names.prefix}-order-progress-dlq`),
    ],
  },
  { name: 'the bus is deleted by hand', deleteByHand: (names) => [() => deleteBus(names, `${names.prefix}-events`)] },
  {
    name: "the API's stage is deleted by hand",
    deleteByHand: (names) => [() => deleteStage(names)],
    interrupts: 'there is no API',
  },
  {
    name: 'the API is deleted by hand',
    deleteByHand: (names) => [() => deleteApi(names)],
    interrupts: 'there is no API',
  },
  {
    name: "a consumer's table is deleted by hand",
    deleteByHand: (names) => [() => deleteTable(names, `${names.prefix}-order-view`)],
  },
  { name: 'two people apply at once', variables: { log_level: 'ERROR' }, atOnce: true },
  { name: 'an apply is stopped half-way', variables: { log_level: 'DEBUG' }, killedBy: 'SIGINT' },
  { name: 'an apply is killed half-way', variables: { log_level: 'WARN' }, killedBy: 'SIGKILL' },
];
