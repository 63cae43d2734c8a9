import { run } from './support/target';

describe('terraform plan after apply', () => {
  it('has nothing to change', () => {
    const plan = run(
      'terraform',
      ['-chdir=terraform', 'plan', '-detailed-exitcode', '-no-color', '-input=false'],
      process.env,
      'pipe',
      [0, 2],
    );
    expect({ changes: plan.status === 0 ? 'none' : plan.stdout }).toEqual({ changes: 'none' });
  });
});
