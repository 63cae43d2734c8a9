import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BackgroundProgram, ensurePrograms } from './background-program.ts';
import { consoleRequests } from './console-requests.ts';
import { changed, localAccess } from './local-environment.ts';
import { consolePort, consolePortFile, partnersPort, type Settings } from './settings.ts';

/** The stack's outputs, and what the page offers to send, as the console reads them. */
const stackFile = 'console-stack.json';
const requestsFile = 'console-requests.json';

const everySeconds = 2;

/** outboxctl's console of the local stack, which the local cloud serves under `/_console`. */
export const stackConsole: BackgroundProgram = {
  title: 'The console',
  app: 'outboxctl',
  name: 'console',
  healthPath: '/_console/health',
  portVariable: 'CONSOLE_PORT',
  port: consolePort,
  rememberPort: (settings) => writeFileSync(consolePortFile(settings.localDirectory), `${consolePort(settings)}\n`),
  reads: [stackFile, requestsFile],
  args: ({ localDirectory, port }) => [
    ...['--stack', join(localDirectory, stackFile), 'console', '--write', '--every', String(everySeconds)],
    ...['--local-cloud', `http://127.0.0.1:${port}`],
  ],
  // It never asks Terraform: the stack is in a file.
  environment: (settings) => changed(settings.environment, localAccess(settings, { kind: 'default' })),
};

/** Where the page is, on the local cloud. */
export function consoleUrl({ port }: Settings): string {
  return `http://127.0.0.1:${port}/_console/`;
}

/**
 * Makes the console of a stack run; `outputs` is what `terraform output -json` printed of it. Returns where the page is.
 * @throws UserError when another program has the port, or it doesn't get ready
 */
export async function ensureConsole(settings: Settings, outputs: string): Promise<string> {
  const { api_endpoint: api } = JSON.parse(outputs) as { readonly api_endpoint?: { readonly value: string } };
  const partners = `http://127.0.0.1:${partnersPort(settings)}`;
  const requests = consoleRequests({ api: api?.value ?? '', cloud: `http://127.0.0.1:${settings.port}`, partners });
  writeFileSync(join(settings.localDirectory, stackFile), outputs);
  writeFileSync(join(settings.localDirectory, requestsFile), JSON.stringify(requests, undefined, 2));
  await ensurePrograms([stackConsole], settings);
  return consoleUrl(settings);
}
