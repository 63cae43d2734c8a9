const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** `412 ms`, `3.2 s`, `4 min`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 2 * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  const [big, small, names] = seconds < 2 * DAY ? [HOUR, MINUTE, ['h', 'min']] : [DAY, HOUR, ['d', 'h']];
  const whole = Math.floor(seconds / big);
  const rest = Math.floor((seconds % big) / small);
  return rest === 0 ? `${whole} ${names[0]}` : `${whole} ${names[0]} ${rest} ${names[1]}`;
}

/** `12,345` */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** Events per second of the last whole minute and the running one, from events per minute, the running one last. */
export function ratePerSecond(perMinute: readonly number[], at: string): number {
  const running = (Date.parse(at) / 1_000) % MINUTE;
  const [before = 0, now = 0] = perMinute.slice(-2);
  return (before + now) / (MINUTE + running);
}

/** `0`, `<0.1`, `0.3`, `12`, per second. */
export function rate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.05) return '<0.1';
  return perSecond === 0 ? '0' : perSecond < 9.95 ? perSecond.toFixed(1) : count(Math.round(perSecond));
}

/** The time of day, with milliseconds where asked. */
export function timeOfDay(iso: string, isExact = false): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part)).join(':');
  return isExact ? `${time}.${pad(date.getMilliseconds(), 3)}` : time;
}

/** Date and time of day. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toLocaleDateString('en-CA')} ${timeOfDay(iso)}`;
}

/** `1 event`, `2 events`. */
export function several(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
