import { resolve } from 'node:path';
import { DEFAULT_TABLES, parseOptions } from './options';

describe('the command line', () => {
  it('has defaults', () => {
    expect(parseOptions([])).toEqual({
      port: 4566,
      directory: resolve('.local'),
      logLevel: 'info',
      json: false,
      fallback: undefined,
      endWithStdin: false,
      tables: DEFAULT_TABLES,
    });
  });

  it('takes port, directory and log level', () => {
    const options = parseOptions(['--port', '0', '--directory=/tmp/x', '--log-level', 'debug']);
    expect(options).toMatchObject({ port: 0, directory: '/tmp/x', logLevel: 'debug' });
  });

  it('takes the origin of another emulator', () => {
    expect(parseOptions(['--fallback', 'http://127.0.0.1:5000/'])).toMatchObject({ fallback: 'http://127.0.0.1:5000' });
  });

  it('takes what a program that starts it needs', () => {
    const options = parseOptions(['--json', '--ephemeral', '--end-with-stdin']);
    expect(options).toMatchObject({ directory: undefined, json: true, endWithStdin: true });
  });

  it('takes what holds the tables, of its environment too', () => {
    const environment = { LOCAL_CLOUD_TABLES: 'dynamodb-local' };
    expect(parseOptions(['--tables', 'sqlite'], environment)).toMatchObject({ tables: 'sqlite' });
    expect(parseOptions([], environment)).toMatchObject({ tables: 'dynamodb-local' });
  });

  it.each([
    [['--tables', 'none'], '--tables (or LOCAL_CLOUD_TABLES) takes one of sqlite, dynamodb-local'],
    [['--port', '65536'], "--port takes a number from 0 to 65535, got '65536'"],
    [['--port', '4566x'], '--port takes a number'],
    [['--port', '-1'], '--port'],
    [['--directory', ''], '--directory takes a path'],
    [['--ephemeral', '--directory', 'x'], '--ephemeral keeps nothing'],
    [['--fallback', 'localhost:5000'], '--fallback takes the origin of an emulator'],
    [['--fallback', 'http://127.0.0.1:5000/x'], "got 'http://127.0.0.1:5000/x'"],
    [['--log-level', 'loud'], '--log-level takes one of debug, info, warn, error'],
    [['--verbose'], '--verbose'],
    [['start'], 'start'],
  ])('refuses %j in one line', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});
