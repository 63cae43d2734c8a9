import { run } from './target';

/**
 * Applies the stack with other values of variables, as a change of a tfvars file would; without any, as it was.
 * Nothing is refreshed: it was all applied by this suite.
 */
export function reapply(variables: Readonly<Record<string, unknown>> = {}): void {
  const values = Object.entries(variables).map(([name, value]) => `-var=${name}=${JSON.stringify(value)}`);
  run('terraform', [
    '-chdir=terraform',
    'apply',
    '-auto-approve',
    '-input=false',
    '-no-color',
    '-refresh=false',
    ...values,
  ]);
}
