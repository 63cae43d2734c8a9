import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BackgroundProgram, runningProgram } from './background-program.ts';
import { partnersVariablesFile } from './local-environment.ts';
import { partnersPort, partnersPortFile, type Settings } from './settings.ts';

/** The carrier and the mail provider that stand beside a local cloud. */
export const partners: BackgroundProgram = {
  title: 'The carrier and mail provider',
  app: 'partners',
  healthPath: '/_health',
  portVariable: 'PARTNERS_PORT',
  port: partnersPort,
  rememberPort: (settings) => {
    const file = partnersPortFile(settings.localDirectory);
    const port = partnersPort(settings);
    // One that follows the local cloud's moves with it.
    if (port === settings.port + 1) rmSync(file, { force: true });
    else writeFileSync(file, `${port}\n`);
  },
};

/** Where the partners listen; undefined when they don't run. */
export async function partnersOrigin(settings: Settings): Promise<string | undefined> {
  const running = await runningProgram(partners, settings);
  return running === undefined ? undefined : `http://127.0.0.1:${running.port}`;
}

/**
 * Writes the values by which Terraform tells the functions where the partners and the local cloud's collector of traces
 * are, of those variables that the root has: it may be that of an earlier version.
 */
export function passAddressesToTerraform(settings: Settings): void {
  const origin = `http://127.0.0.1:${partnersPort(settings)}`;
  const collector = `http://127.0.0.1:${settings.port}/v1/traces`;
  const values = { carrier_url: `"${origin}"`, mail_url: `"${origin}"`, tracing: `{ endpoint = "${collector}" }` };
  const declared = declaredVariables(join(settings.root, 'terraform'));
  const lines = Object.entries(values).flatMap(([name, value]) => (declared.has(name) ? [`${name} = ${value}\n`] : []));
  const file = partnersVariablesFile(settings);
  if (lines.length === 0) rmSync(file, { force: true });
  else writeFileSync(file, lines.join(''));
}

function declaredVariables(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/^variable "([^"]+)"/gm)].map(([, name = '']) => name)));
}
