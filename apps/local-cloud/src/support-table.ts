import type { Service, ServiceName } from '@outbox/local-cloud-kernel';
import { serviceModel, type ServiceModel } from '@outbox/local-cloud-wire';
import { aligned } from './markdown-table';

/**
 * What the local cloud runs, as Markdown: a table of services, then each one's operations by name.
 * Made from what is registered, so it can't say more or less than the engine does.
 */
export function supportTable(services: Iterable<Service<ServiceName>>): string {
  const rows = [...services]
    .map((service) => ({ model: serviceModel(service.name), operations: Object.keys(service.operations).sort() }))
    .sort((a, b) => a.model.name.localeCompare(b.model.name));
  const table = rows.map(({ model, operations }) => [
    model.name,
    `\`${model.facts.signingName}\``,
    protocols(model),
    `${operations.length} of ${model.operations.size}`,
  ]);
  const lists = rows.map(
    ({ model, operations }) => `**${model.name}**: ${operations.map((name) => `\`${name}\``).join(', ')}.`,
  );
  return [...aligned([['service', 'signed as', 'protocols', 'operations'], ...table]), '', lists.join('\n\n')].join(
    '\n',
  );
}

function protocols({ facts }: ServiceModel): string {
  const spoken = [
    ...(facts.targetPrefix ? ['JSON'] : []),
    ...(facts.query ? ['Query'] : []),
    ...(facts.rpcV2 ? ['RPC v2 CBOR'] : []),
  ];
  if (facts.xmlNamespace !== undefined) return 'REST XML';
  return spoken.length > 0 ? spoken.join(', ') : 'REST JSON';
}
