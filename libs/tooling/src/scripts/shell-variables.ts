/** What a shell or a process may hold; undefined = not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Everything that AWS's SDKs and command line and Terraform read by names of their own begins with one of these. */
const families = /^(AWS|TF)_/;

/** Members of the families that lead no call elsewhere and change nothing of the stack: they are the user's. */
const harmless: readonly RegExp[] = [
  // How the AWS command line prints and asks.
  /^AWS_(PAGER|DEFAULT_OUTPUT|CLI_\w+)$/,
  // Terraform's logs, for whoever looks for a defect.
  /^TF_LOG(_|$)/,
  // Where a provider is downloaded from and kept; TF_PLUGIN_MIRROR is this repository's own.
  /^TF_(CLI_CONFIG_FILE|PLUGIN_|REGISTRY_|TOKEN_)/,
];

/**
 * Names of the variables in `environment` that may lead AWS tools or Terraform anywhere but to the local cloud, or make
 * Terraform plan another stack: whole families rather than a list, since SDKs and providers get new variables all the
 * time (AWS_ENDPOINT_URL_<SERVICE>, AWS_USE_FIPS_ENDPOINT, TF_VAR_<name>, TF_CLI_ARGS_<command> …).
 */
export function straysIn(environment: Variables): readonly string[] {
  return Object.keys(environment)
    .filter((name) => families.test(name) && environment[name] !== undefined)
    .filter((name) => !harmless.some((pattern) => pattern.test(name)))
    .sort();
}

/** `environment` without them, for a program that calls nothing, or finds out by itself where to. */
export function withoutStrays(environment: Variables): Variables {
  const strays = straysIn(environment);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !strays.includes(name)));
}

const loopback = ['127.0.0.1', 'localhost', '::1'];

/**
 * NO_PROXY in both spellings, so that calls of this machine go through no proxy whatever HTTP_PROXY and its like say;
 * which of the two a program prefers differs. What the user excluded stays excluded. `*` alone excludes everything, and
 * means nothing to Python and curl as part of a list.
 */
export function withoutProxyForLoopback(environment: Variables): {
  readonly NO_PROXY: string;
  readonly no_proxy: string;
} {
  const list = (own: string | undefined): string => {
    const hosts = (own ?? '').split(',').map((host) => host.trim());
    if (hosts.includes('*')) return '*';
    return [...new Set([...hosts.filter((host) => host !== ''), ...loopback])].join(',');
  };
  const { NO_PROXY: upper, no_proxy: lower } = environment;
  return { NO_PROXY: list(upper ?? lower), no_proxy: list(lower ?? upper) };
}
