/** What a function's log says in every line, and what is in the line's own place already. */
const LEFT_OUT = new Set(['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id', 'now']);
/** Lambda's own lines; what went wrong has others. */
const SYSTEM = /^(INIT_START|START|END|REPORT|EXTENSION|TELEMETRY)\b/;

/**
 * A line of a function's log for whoever develops it; undefined for metrics, and for what Lambda writes about every call.
 * @param at when it was written, in milliseconds since the epoch
 */
export function logLine(app: string, at: number, message: string): string | undefined {
  const text = message.trimEnd();
  if (SYSTEM.test(text) || text === '') return undefined;
  const begin = `${new Date(at).toISOString().slice(11, 23)}  ${app}`;
  const record = parsed(text);
  if (record === undefined) return `${begin}  ${text}`;
  if ('_aws' in record) return undefined;
  const fields = Object.entries(record).filter(([name]) => !LEFT_OUT.has(name));
  const shown = fields.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [begin, textOf(record['level']), textOf(record['message']), ...shown].filter((part) => part !== '').join('  ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
