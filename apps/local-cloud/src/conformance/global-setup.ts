import { startEngineProcess, type EngineProcess } from './engine-process';
import { missingClients } from './real-clients.cjs';

declare global {
  var conformanceEngine: EngineProcess | undefined;
}

/** Before the project's specs: one engine for all that only speak to it; CONFORMANCE_ENDPOINT names one that runs already. */
export default async function setup(): Promise<void> {
  // The gate repeats such lines: what was not run must not look like what passed.
  for (const { name, advice } of missingClients()) process.stderr.write(`not run: ${name} (${advice})\n`);
  if (process.env['CONFORMANCE_ENDPOINT'] !== undefined) return;
  globalThis.conformanceEngine = await startEngineProcess();
  process.env['CONFORMANCE_ENDPOINT'] = globalThis.conformanceEngine.origin;
}
