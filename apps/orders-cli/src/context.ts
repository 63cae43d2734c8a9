import type { ProgramContext } from '@outbox/cli-kit';
import type { Command } from 'commander';
import type { Api } from './api';
import type { Credentials } from './identify';

/** What the commands get besides what every program gets; nothing else reaches the outside. */
export interface OwnContext {
  /** The API of the stack that the command line or Terraform names. */
  api(command: Command): Promise<Api>;
  /** The caller's AWS credentials, for an API that wants signatures. */
  readonly credentials: () => Promise<Credentials>;
  /** A new Idempotency-Key. */
  readonly newKey: () => string;
}

export type OrdersContext = ProgramContext & OwnContext;
