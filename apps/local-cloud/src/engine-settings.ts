import type { Settings } from '@outbox/local-cloud-kernel';

/** The settings, each with its range. */
const RANGES = {
  /** Up to an hour: a rule takes seconds on AWS. */
  ruleDelayMs: { min: 0, max: 3_600_000 },
  /** AWS raises the quota to tens of thousands. */
  accountConcurrency: { min: 1, max: 100_000 },
} as const;

type Name = keyof typeof RANGES;

/** What a body that is refused is answered with. */
export const SETTINGS_WANTED = `The body must be {"NAME": n, …}: ${Object.entries(RANGES)
  .map(([name, { min, max }]) => `${name} from ${min} to ${max}`)
  .join(', ')}`;

/** What `/_local/settings` shows. */
export function settingsState(settings: Settings): Readonly<Record<Name, number>> {
  return { ruleDelayMs: settings.ruleDelayMs, accountConcurrency: settings.accountConcurrency };
}

/** Takes the body of `POST /_local/settings`; false, and nothing changed, when it is not one. */
export function changeSettings(settings: Settings, text: string | undefined): boolean {
  let body: unknown;
  try {
    body = JSON.parse(text ?? '');
  } catch {
    return false;
  }
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0) return false;
  const changes: { readonly name: Name; readonly value: number }[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (!isName(name) || !isWithin(value, RANGES[name])) return false;
    changes.push({ name, value });
  }
  for (const { name, value } of changes) settings[name] = value;
  return true;
}

function isName(name: string): name is Name {
  return Object.hasOwn(RANGES, name);
}

function isWithin(value: unknown, { min, max }: { readonly min: number; readonly max: number }): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}
