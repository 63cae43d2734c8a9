import type { Settings } from '@outbox/local-cloud-kernel';

/** An hour: a rule takes seconds on AWS. */
const MAX_RULE_DELAY_MS = 3_600_000;

/** What `/_local/settings` shows. */
export function settingsState(settings: Settings): { readonly ruleDelayMs: number } {
  return { ruleDelayMs: settings.ruleDelayMs };
}

/** Takes the body of `POST /_local/settings`; false, and nothing changed, when it is not one. */
export function changeSettings(settings: Settings, text: string | undefined): boolean {
  let body: unknown;
  try {
    body = JSON.parse(text ?? '');
  } catch {
    return false;
  }
  if (typeof body !== 'object' || body === null || Object.keys(body).length !== 1 || !('ruleDelayMs' in body))
    return false;
  const { ruleDelayMs } = body;
  if (typeof ruleDelayMs !== 'number' || !(ruleDelayMs >= 0 && ruleDelayMs <= MAX_RULE_DELAY_MS)) return false;
  settings.ruleDelayMs = ruleDelayMs;
  return true;
}
