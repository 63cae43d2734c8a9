/** The three functions of an outbox: they know no domain, so the same zips serve every service. */
export { createAcknowledgerHandler, type AcknowledgerFunctionPorts } from './acknowledger/acknowledger-handler';
export { readAcknowledgerConfig, type AcknowledgerConfig } from './acknowledger/config';
export { createRelayHandler, type RelayPorts } from './relay/relay-handler';
export { readSweeperConfig, type SweeperConfig } from './sweeper/config';
export { createSweeperHandler, type SweeperFunctionPorts } from './sweeper/sweeper-handler';
export { workerClientConfig } from './sweeper/workers';
