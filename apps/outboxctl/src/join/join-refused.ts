import { CliError, EXIT } from '@outbox/cli-kit';

/** A consumer can't begin as it was asked to; nothing was changed. */
export class JoinRefusedError extends CliError {
  override readonly name = 'JoinRefusedError';
  readonly exitCode = EXIT.failed;
}
