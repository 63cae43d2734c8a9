const NEEDED_NODE_MAJOR = 22;

/** Node is checked before anything else is loaded: an older one lacks `node:sqlite` and would only print a stack. */
async function main(): Promise<number> {
  const [major = '0'] = process.versions.node.split('.');
  if (Number(major) < NEEDED_NODE_MAJOR) {
    process.stderr.write(`local-cloud: needs Node ${NEEDED_NODE_MAJOR} or later, this is ${process.versions.node}\n`);
    return 2;
  }
  // node:sqlite is announced as experimental on every start; what else Node warns of stays visible.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.stack ?? warning.message}\n`);
  });
  const { run } = await import('./run');
  return run(process.argv.slice(2));
}

void main().then((code) => process.exit(code));
