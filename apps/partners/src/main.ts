import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { JournalError } from './journal';
import { parseOptions, USAGE, UsageError } from './options';
import { PortError, startPartners } from './partners';

/** Runs until SIGTERM or SIGINT. Returns the exit code: 0 stopped as asked, 1 could not start, 2 wrong command line. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const { port, directory } = parseOptions(argv);
    const asked = new Promise((resolve) => {
      process.once('SIGTERM', resolve);
      process.once('SIGINT', resolve);
    });
    const partners = await startPartners({
      port,
      directory: join(directory, 'partners'),
      clock: { now: Date.now },
      ids: { next: randomUUID },
    });
    process.stdout.write(`carrier and mail provider ready at ${partners.origin} (pid ${process.pid})\n`);
    await asked;
    await partners.stop();
    return 0;
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`partners: ${error.message}\n${USAGE}\n`);
    else if (error instanceof PortError || error instanceof JournalError) {
      process.stderr.write(`partners: ${error.message}\n`);
    } else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
