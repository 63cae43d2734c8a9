import { run, target } from './support/target';

const plan = ['-chdir=terraform', 'plan', '-detailed-exitcode', '-no-color', '-input=false'];

/**
 * A shell that leads elsewhere, by what Terraform, its AWS provider and the SDK in it read. Sources:
 * https://developer.hashicorp.com/terraform/cli/config/environment-variables,
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs and
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html.
 */
const nowhere = 'http://127.0.0.1:9';
const elsewhere: Readonly<Record<string, string>> = {
  ALL_PROXY: nowhere,
  AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required',
  AWS_CA_BUNDLE: '/nowhere.pem',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_DEFAULT_PROFILE: 'production',
  AWS_DYNAMODB_ENDPOINT: nowhere,
  AWS_ENDPOINT_URL_DYNAMODB: nowhere,
  AWS_ENDPOINT_URL_SQS: nowhere,
  AWS_ENDPOINT_URL_STS: nowhere,
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  AWS_METADATA_URL: nowhere,
  AWS_PROFILE: 'production',
  AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/r',
  AWS_SESSION_TOKEN: 'x',
  AWS_STS_ENDPOINT: nowhere,
  AWS_USE_DUALSTACK_ENDPOINT: 'true',
  AWS_USE_FIPS_ENDPOINT: 'true',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere',
  HTTPS_PROXY: nowhere,
  HTTP_PROXY: nowhere,
  TF_AWS_DEFAULT_TAGS_Owner: 'ada',
  TF_AWS_STS_ENDPOINT: nowhere,
  TF_CLI_ARGS: '-no-such-flag',
  TF_CLI_ARGS_plan: '-destroy',
  TF_CLOUD_ORGANIZATION: 'o',
  TF_DATA_DIR: '/nowhere',
  TF_REATTACH_PROVIDERS: '{"registry.terraform.io/hashicorp/aws":{}}',
  TF_VAR_name_prefix: 'mine',
  TF_VAR_region: 'eu-west-1',
  TF_WORKSPACE: 'prod',
};

describe('terraform plan after apply', () => {
  it('has nothing to change, whatever a shell held before make env', () => {
    const finished =
      target() === 'aws'
        ? run('terraform', plan, process.env, 'pipe', [0, 2])
        : run(
            'sh',
            ['-c', 'eval "$(make -s env)" && exec terraform "$@"', 'sh', ...plan],
            { ...process.env, ...elsewhere },
            'pipe',
            [0, 2],
          );
    expect({ changes: finished.status === 0 ? 'none' : finished.stdout }).toEqual({ changes: 'none' });
  });
});
