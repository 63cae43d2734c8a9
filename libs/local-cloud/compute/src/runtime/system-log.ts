import type { LoggingRecord } from '../lambda/model';

/** What an invocation cost, for its REPORT line. */
export interface InvocationReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
  /** Set for the first invocation of an environment. */
  readonly initMs: number | undefined;
  readonly status: 'success' | 'error' | 'timeout';
  /** Undefined when the status says it all, and for errors of the function's own. */
  readonly errorType: string | undefined;
  /** How the process ended, when it did so instead of answering. */
  readonly exit: string | undefined;
}

/** How the init phase of an environment failed. */
export interface InitFailureReport {
  readonly durationMs: number;
  readonly status: 'error' | 'timeout';
  /** Undefined after a timeout. */
  readonly errorType: string | undefined;
}

/** Lines that Lambda itself writes into a function's log; undefined where the system log level leaves one out. */
export interface SystemLog {
  init(now: number, runtimeVersion: string, runtimeVersionArn: string): string | undefined;
  initFailed(now: number, report: InitFailureReport): string | undefined;
  start(now: number, requestId: string, version: string): string | undefined;
  /** How the process ended, if it did; END and REPORT. */
  end(now: number, report: InvocationReport): (string | undefined)[];
  timeout(now: number, requestId: string, timeoutSeconds: number): string | undefined;
}

/** Source: Lambda developer guide, "Log formats and levels", monitoring-cloudwatchlogs. */
export function systemLog(logging: LoggingRecord): SystemLog {
  return logging.format === 'JSON' ? jsonLog(logging.systemLevel ?? 'INFO') : textLog;
}

const textLog: SystemLog = {
  init: (_now, version, arn) => `INIT_START Runtime Version: ${version}\tRuntime Version ARN: ${arn}`,
  initFailed: (_now, { durationMs, status, errorType }) =>
    [
      `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`,
      'Phase: init',
      `Status: ${status}`,
      ...(errorType === undefined ? [] : [`Error Type: ${errorType}`]),
    ].join('\t'),
  start: (_now, requestId, version) => `START RequestId: ${requestId} Version: ${version}`,
  end: (_now, report) => [
    report.exit === undefined ? undefined : `RequestId: ${report.requestId} ${report.exit}\nRuntime.ExitError`,
    `END RequestId: ${report.requestId}`,
    [
      `REPORT RequestId: ${report.requestId}`,
      `Duration: ${report.durationMs.toFixed(2)} ms`,
      `Billed Duration: ${billedMs(report)} ms`,
      `Memory Size: ${report.memoryMb} MB`,
      `Max Memory Used: ${report.maxMemoryMb} MB`,
      ...(report.initMs === undefined ? [] : [`Init Duration: ${report.initMs.toFixed(2)} ms`]),
      ...(report.status === 'success' ? [] : [`Status: ${report.status}`]),
      ...(report.errorType === undefined ? [] : [`Error Type: ${report.errorType}`]),
      '',
    ].join('\t'),
  ],
  timeout: (now, requestId, seconds) =>
    `${new Date(now).toISOString()} ${requestId} Task timed out after ${seconds.toFixed(2)} seconds`,
};

function jsonLog(level: 'DEBUG' | 'INFO' | 'WARN'): SystemLog {
  const record = (now: number, type: string, fields: object): string =>
    JSON.stringify({ time: new Date(now).toISOString(), type, record: fields });
  return {
    init: (now, version, arn) =>
      level === 'WARN'
        ? undefined
        : record(now, 'platform.initStart', {
            initializationType: 'on-demand',
            phase: 'init',
            runtimeVersion: version,
            runtimeVersionArn: arn,
          }),
    initFailed: (now, { durationMs, status, errorType }) =>
      record(now, 'platform.initReport', {
        initializationType: 'on-demand',
        phase: 'init',
        status,
        ...(errorType === undefined ? {} : { errorType }),
        metrics: { durationMs: Number(durationMs.toFixed(3)) },
      }),
    start: (now, requestId, version) =>
      level === 'WARN' ? undefined : record(now, 'platform.start', { requestId, version }),
    end: (now, report) => [
      // The runtime's own end is news when it went wrong, a detail otherwise.
      level !== 'DEBUG' && report.status === 'success'
        ? undefined
        : record(now, 'platform.runtimeDone', {
            requestId: report.requestId,
            status: report.status,
            ...(report.errorType === undefined ? {} : { errorType: report.errorType }),
            metrics: { durationMs: Number(report.durationMs.toFixed(3)) },
          }),
      level === 'WARN' && report.status === 'success'
        ? undefined
        : record(now, 'platform.report', {
            requestId: report.requestId,
            metrics: {
              durationMs: Number(report.durationMs.toFixed(3)),
              billedDurationMs: billedMs(report),
              memorySizeMB: report.memoryMb,
              maxMemoryUsedMB: report.maxMemoryMb,
              ...(report.initMs === undefined ? {} : { initDurationMs: Number(report.initMs.toFixed(3)) }),
            },
            status: report.status,
            ...(report.errorType === undefined ? {} : { errorType: report.errorType }),
          }),
    ],
    timeout: () => undefined,
  };
}

/** Since August 2025 the init phase of managed runtimes is billed too. */
function billedMs(report: InvocationReport): number {
  return Math.ceil(report.durationMs + (report.initMs ?? 0));
}
