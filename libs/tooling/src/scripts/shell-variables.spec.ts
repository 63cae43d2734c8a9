import fc from 'fast-check';
import { straysIn, withoutProxyForLoopback, withoutStrays } from './shell-variables.ts';

describe('variables that lead elsewhere', () => {
  it('are whole families: also what no list knows yet', () => {
    expect(
      straysIn({
        AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
        AWS_DEFAULT_PROFILE: 'production',
        AWS_SOMETHING_OF_2031: 'true',
        TF_VAR_region: 'eu-west-1',
        TF_CLI_ARGS_init: '-upgrade',
        PATH: '/bin',
        HOME: '/home/ada',
        SAWS_X: '',
        aws_profile: '',
      }),
    ).toEqual([
      'AWS_DEFAULT_PROFILE',
      'AWS_ENDPOINT_URL_DYNAMODB',
      'AWS_SOMETHING_OF_2031',
      'TF_CLI_ARGS_init',
      'TF_VAR_region',
    ]);
  });

  it('leave how tools print and log, and where providers are downloaded from', () => {
    const own = {
      AWS_PAGER: '',
      AWS_DEFAULT_OUTPUT: 'table',
      AWS_CLI_AUTO_PROMPT: 'on',
      TF_LOG: 'debug',
      TF_LOG_PATH: 'x.log',
      TF_PLUGIN_CACHE_DIR: '/cache',
      TF_PLUGIN_MIRROR: '/mirror',
      TF_CLI_CONFIG_FILE: '/terraform.rc',
      TF_TOKEN_example_com: 'x',
    };

    expect(withoutStrays({ ...own, AWS_PROFILE: 'production', TF_VAR_region: 'x' })).toEqual(own);
  });
});

describe('a proxy', () => {
  const loopback = '127.0.0.1,localhost,::1';

  it.each([
    [{}, loopback, loopback],
    [{ NO_PROXY: 'corp.example' }, `corp.example,${loopback}`, `corp.example,${loopback}`],
    [{ NO_PROXY: 'a', no_proxy: 'b, localhost ' }, `a,${loopback}`, 'b,localhost,127.0.0.1,::1'],
    [{ no_proxy: '*' }, '*', '*'],
  ])('is passed by for loopback, and for what %j says', (environment, upper, lower) => {
    expect(withoutProxyForLoopback(environment)).toEqual({ NO_PROXY: upper, no_proxy: lower });
  });

  it('is excluded the same way the second time', () => {
    fc.assert(
      fc.property(fc.record({ NO_PROXY: fc.string(), no_proxy: fc.string() }, { requiredKeys: [] }), (environment) => {
        const once = withoutProxyForLoopback(environment);
        expect(withoutProxyForLoopback(once)).toEqual(once);
      }),
    );
  });
});
