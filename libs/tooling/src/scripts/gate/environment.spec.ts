import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { stageEnvironment } from './stage.ts';
import { options } from './terraform.ts';

const settings: Settings = {
  root: '/clone',
  localDirectory: '/clone/.local',
  home: '/',
  port: 4566,
  environment: {
    PATH: '/bin',
    AWS_PROFILE: 'production',
    AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9',
    TF_VAR_name_prefix: 'mine',
    TF_CLI_ARGS_test: '-verbose',
    TF_CLI_ARGS_plan: '-refresh=false',
    TF_CLI_CONFIG_FILE: __filename,
  },
};

describe('what the gate runs', () => {
  it('holds nothing of the shell that leads tests elsewhere', () => {
    expect(stageEnvironment(settings)).toEqual({
      PATH: '/bin',
      TF_CLI_CONFIG_FILE: __filename,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      FORCE_COLOR: '0',
      CI: '1',
    });
  });

  it('gives Terraform a data folder of its own, and neither a state nor arguments or values of the shell', async () => {
    const { environment } = await options(settings, join('/clone', 'terraform', 'modules', 'http-api'), 'test');

    expect(environment).toMatchObject({
      TF_DATA_DIR: '/clone/.local/test-terraform/terraform-modules-http-api',
      TF_CLI_CONFIG_FILE: __filename,
    });
    expect(
      Object.keys(environment).filter((name) => /^(TF_CLI_ARGS|TF_VAR|AWS_PROFILE|AWS_ENDPOINT_URL_)/.test(name)),
    ).toEqual([]);
  });
});
