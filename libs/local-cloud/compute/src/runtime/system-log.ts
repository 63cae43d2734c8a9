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
}

/** Lines that Lambda itself writes into a function's log; undefined where the system log level leaves one out. */
export interface SystemLog {
  init(now: number, runtimeVersion: string, runtimeVersionArn: string): string | undefined;
  start(now: number, requestId: string, version: string): string | undefined;
  /** END and REPORT. */
  end(now: number, report: InvocationReport): (string | undefined)[];
  timeout(now: number, requestId: string, timeoutSeconds: number): string | undefined;
}

/** Source: Lambda developer guide, "Log formats and levels", monitoring-cloudwatchlogs. */
export function systemLog(logging: LoggingRecord): SystemLog {
  return logging.format === 'JSON' ? jsonLog(logging.systemLevel ?? 'INFO') : textLog;
}

const textLog: SystemLog = {
  init: (_now, version, arn) => `INIT_START Runtime Version: ${version}\tRuntime Version ARN: ${arn}`,
  start: (_now, requestId, version) => `START RequestId: ${requestId} Version: ${version}`,
  end: (_now, report) => [
    `END RequestId: ${report.requestId}`,
    [
      `REPORT RequestId: ${report.requestId}`,
      `Duration: ${report.durationMs.toFixed(2)} ms`,
      `Billed Duration: ${billedMs(report)} ms`,
      `Memory Size: ${report.memoryMb} MB`,
      `Max Memory Used: ${report.maxMemoryMb} MB`,
      ...(report.initMs === undefined ? [] : [`Init Duration: ${report.initMs.toFixed(2)} ms`]),
      ...(report.status === 'success' ? [] : [`Status: ${report.status}`]),
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
    start: (now, requestId, version) =>
      level === 'WARN' ? undefined : record(now, 'platform.start', { requestId, version }),
    end: (now, report) => [
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
          }),
    ],
    timeout: () => undefined,
  };
}

/** Since August 2025 the init phase of managed runtimes is billed too. */
function billedMs(report: InvocationReport): number {
  return Math.ceil(report.durationMs + (report.initMs ?? 0));
}
