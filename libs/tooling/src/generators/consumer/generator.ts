import { join } from 'node:path';
import { formatFiles, generateFiles, getProjects, type Tree } from '@nx/devkit';
import { reproducibleZip } from '../../package/reproducible-zip';
import { refusalOf } from './consumer-name';
import { withConsumer, type ConsumerPolicy } from './consumers-map';
import { readContract } from '../contract';
import { RefusedError } from '../refused';
import { parseSubscription } from './subscription';

/** What a consumer does for an event: a pure effect, a transaction of its own, or an outside call first. */
export type ConsumerForm = 'effect' | 'complete' | 'call';

export interface ConsumerOptions {
  readonly name: string;
  readonly policy: ConsumerPolicy;
  readonly form: ConsumerForm;
  /** An aggregate type, or event types separated by commas. */
  readonly on: string;
}

const variablesFile = 'terraform/variables.tf';
const e2eProject = 'apps/e2e/project.json';

/**
 * Nx generator `consumer`: a consumer that runs as it is, ready to be given what it does. Writes the app, its entry in
 * Terraform's map, the zip that Terraform's own tests deploy in its place, and has the end-to-end suite depend on it.
 * @throws RefusedError naming the argument, ConsumersMapError when the map can't be extended
 */
export default async function consumerGenerator(tree: Tree, options: ConsumerOptions): Promise<() => void> {
  writeConsumer(tree, options);
  await formatFiles(tree);
  return () => console.log(nextSteps(options));
}

/** The generator without its last step, the formatting. */
export function writeConsumer(tree: Tree, { name, policy, form, on }: ConsumerOptions): void {
  const problem = refusalOf(name, [...getProjects(tree).keys()]);
  if (problem !== undefined) throw new RefusedError(`NAME: ${problem}`);
  if (tree.exists(`apps/${name}`)) throw new RefusedError(`NAME: "${name}" is taken: there is a folder apps/${name}.`);
  const { aggregates, code, types, events } = parseSubscription(on, policy, readContract(tree));

  // One that emits nothing yet is given no permission to.
  const emits = form === 'effect' ? {} : { emits: false };
  const variables = tree.read(variablesFile, 'utf8') ?? '';
  tree.write(variablesFile, withConsumer(variables, name, { policy, on: types, ...emits }));
  generateFiles(tree, join(__dirname, 'files'), `apps/${name}`, {
    name,
    policy,
    form,
    aggregates,
    on: code,
    samples: events,
    addressVariable: addressVariableOf(name),
  });
  const fixture = `terraform/tests/fixtures/${name}/${name}.zip`;
  if (!tree.exists(fixture)) {
    tree.write(
      fixture,
      Buffer.from(reproducibleZip({ 'index.js': Buffer.from('exports.handler = async () => undefined;\n') })),
    );
  }
  if (tree.exists(e2eProject)) dependOn(tree, name);
}

/** The variable with the partner's address. */
function addressVariableOf(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_URL`;
}

function nextSteps({ name, policy, form, on }: ConsumerOptions): string {
  const address = addressVariableOf(name);
  const more = {
    effect: '',
    complete: `\nTo emit events, set emits = true in its entry in ${variablesFile}.`,
    call: `\nIts partner's address is ${address}: environment = { ${address} = "https://…" } in its entry in ${variablesFile}.`,
  }[form];
  return `
apps/${name} consumes ${on} (${policy}, ${form}). What it does with an event is in apps/${name}/src/handler.ts.${more}

  npx nx test ${name}    its spec
  make up                deploys it to the local cloud`;
}

/** A change of the app concerns the suite that tests the whole stack. The rest of the file keeps its layout. */
function dependOn(tree: Tree, name: string): void {
  const project = tree.read(e2eProject, 'utf8') ?? '';
  tree.write(e2eProject, project.replace(/("implicitDependencies": \[[^\]]*?)(\s*\])/, `$1,\n    "${name}"$2`));
}
