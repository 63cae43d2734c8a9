import { type ProbeResult, runProbes } from './run-probes';
import { Workbench } from './workbench';

/**
 * `make check-aws`: every probe against whatever the environment points at, one line each; with `--json` all as one
 * document. `functions` is the folder of their functions' sources. Exit code 0 only when every assumption was seen to
 * hold and nothing was left behind.
 */
export async function checkCommand(args: readonly string[], functions: string): Promise<number> {
  const json = args.includes('--json');
  const say = (text: string): void => void (json || process.stdout.write(`${text}\n`));
  const bench = await Workbench.open(`outbox-probe-${Date.now().toString(36)}`, functions);
  say(`account ${bench.account}, region ${bench.region}; everything is called ${bench.prefix} and removed at the end`);
  const results = await runProbes(bench, (result) => say(line(result)));
  if (json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  return results.every(({ verdict }) => verdict === 'PASS') ? 0 : 1;
}

function line({ verdict, id, seen }: ProbeResult): string {
  return `${verdict.padEnd(5)}  ${id.padEnd(24)} ${seen}`;
}
