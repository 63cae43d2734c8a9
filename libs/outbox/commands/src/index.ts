/** HTTP routes that commit to an outbox: idempotent, conditional, owned. */
export {
  createCommands,
  type ChangeCommand,
  type ChangeContext,
  type CommandContext,
  type Commands,
  type CommandsOptions,
  type CreateCommand,
  type Decision,
  type Outcome,
} from './commands';
export { commandProblems, type CommandProblems } from './problems';
export { MAX_BODY_BYTES, type ParsedBody } from './read-body';
export { RefusedDecisionError } from './refusal';
export { eraseMarks } from './request-marks';
