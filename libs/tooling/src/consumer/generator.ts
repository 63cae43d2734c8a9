import { getProjects, type Tree } from '@nx/devkit';
import { reproducibleZip } from '../package/reproducible-zip';
import { appFiles } from './app-files';
import { refusalOf } from './consumer-name';
import { withConsumer, type ConsumerPolicy } from './consumers-map';

export interface ConsumerOptions {
  readonly name: string;
  readonly policy: ConsumerPolicy;
}

/** The name can't be a consumer's; the message says why. */
export class ConsumerNameError extends Error {
  override readonly name = 'ConsumerNameError';
}

const variablesFile = 'terraform/variables.tf';
const e2eProject = 'apps/e2e/project.json';

/**
 * Nx generator `consumer`: a consumer that runs as it is, ready to be given its effect. Writes the app, its entry in
 * Terraform's map, the zip that Terraform's own tests deploy in its place, and has the end-to-end suite depend on it.
 * @throws ConsumerNameError for a name that is taken or doesn't fit, ConsumersMapError when the map can't be extended
 */
export default function consumerGenerator(tree: Tree, { name, policy }: ConsumerOptions): () => void {
  const refusal = refusalOf(name, [...getProjects(tree).keys()]);
  if (refusal !== undefined) throw new ConsumerNameError(refusal);
  if (tree.exists(`apps/${name}`)) throw new ConsumerNameError(`"${name}" is taken: there is a folder apps/${name}.`);

  const variables = tree.read(variablesFile, 'utf8') ?? '';
  tree.write(variablesFile, withConsumer(variables, name, policy));
  for (const [path, text] of Object.entries(appFiles(name, policy))) tree.write(`apps/${name}/${path}`, text);
  tree.write(
    `terraform/tests/fixtures/${name}/${name}.zip`,
    Buffer.from(reproducibleZip({ 'index.js': Buffer.from('exports.handler = async () => undefined;\n') })),
  );
  if (tree.exists(e2eProject)) dependOn(tree, name);

  return () => {
    console.log(`
apps/${name} consumes events (${policy}). What it does with one is in apps/${name}/src/handler.ts.

  npx nx test ${name}    its spec
  make up                deploys it to the local cloud`);
  };
}

/** A change of the app concerns the suite that tests the whole stack. The rest of the file keeps its layout. */
function dependOn(tree: Tree, name: string): void {
  const project = tree.read(e2eProject, 'utf8') ?? '';
  tree.write(e2eProject, project.replace(/("implicitDependencies": \[[^\]]*?)(\s*\])/, `$1,\n    "${name}"$2`));
}
