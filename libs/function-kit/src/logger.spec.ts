import { createLogger, loggerWith, type Logger } from './logger';

const KEPT = { traceId: 'a-kept-trace' };
const LEFT_OUT = { traceId: 'a-trace-left-out' };

describe('createLogger', () => {
  it('writes every line from its level on, unless it is told of a sample', () => {
    const talk = (logger: Logger) => {
      logger.debug('debug', LEFT_OUT);
      logger.info('info', LEFT_OUT);
      logger.error('error', LEFT_OUT);
    };
    expect(written({}, talk)).toEqual(['info', 'error']);
    expect(written({ rate: '1', level: 'DEBUG' }, talk)).toEqual(['debug', 'info', 'error']);
    expect(written({ rate: 'a tenth' }, talk)).toEqual(['info', 'error']);
  });

  it('writes lines below WARN of sampled traces only, and of what is about no trace', () => {
    const talk = (logger: Logger) => {
      for (const about of [KEPT, LEFT_OUT, { run: 1 }]) {
        logger.info(`info ${Object.values(about).join()}`, about);
        logger.warn(`warn ${Object.values(about).join()}`, about);
      }
    };
    const warnings = ['warn a-kept-trace', 'warn a-trace-left-out', 'warn 1'];
    expect(written({ rate: '0.5' }, talk).sort()).toEqual([...warnings, 'info 1', 'info a-kept-trace'].sort());
    expect(written({ rate: '0' }, talk).sort()).toEqual([...warnings, 'info 1'].sort());
  });

  it('goes by the trace that a logger carries', () => {
    const talk = (logger: Logger) => {
      loggerWith(logger, LEFT_OUT).info('left out');
      loggerWith(logger, KEPT).info('kept');
    };
    expect(written({ rate: '0.5' }, talk)).toEqual(['kept']);
  });

  it('writes what it left out before an error of the same invocation, with the times of then', () => {
    const talk = (logger: Logger) => {
      logger.info('of an invocation that was well', LEFT_OUT);
      invocation('2');
      logger.debug('not wanted', LEFT_OUT);
      logger.info('begun', LEFT_OUT);
      logger.warn('odd', LEFT_OUT);
      logger.error('failed', LEFT_OUT);
      logger.info('afterwards', LEFT_OUT);
    };
    expect(written({ rate: '0' }, talk)).toEqual(['odd', 'begun', 'failed']);
    expect(written({ rate: '0', level: 'DEBUG' }, talk)).toEqual(['odd', 'not wanted', 'begun', 'failed']);
  });

  it('holds nothing back that its level leaves out anyway', () => {
    const talk = (logger: Logger) => {
      logger.info('info', LEFT_OUT);
      logger.error('error', LEFT_OUT);
    };
    expect(written({ rate: '0', level: 'WARN' }, talk)).toEqual(['error']);
  });
});

/** Begins another invocation, as Lambda does. */
function invocation(id: string): void {
  process.env['_X_AMZN_TRACE_ID'] = `Root=1-00000000-00000000000000000000000${id}`;
}

/** The messages that are written, in their order. */
function written({ rate, level = 'INFO' }: { rate?: string; level?: string }, talk: (logger: Logger) => void) {
  const before = { ...process.env };
  const lines: string[] = [];
  const spies = (['debug', 'info', 'warn', 'error'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation((...args) => void lines.push(String(args[0]))),
  );
  try {
    // In development Powertools writes to the global console.
    Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: level, POWERTOOLS_DEV: 'true' });
    invocation('1');
    talk(createLogger({ LOG_SAMPLE_RATE: rate }));
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.env = before;
  }
  return lines.map((line) => (JSON.parse(line) as { readonly message: string }).message);
}
