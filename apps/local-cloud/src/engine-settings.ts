import type { Setting, Settings } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';

/** What can be set, by the services, and the values. */
export interface EngineSettings {
  readonly known: readonly Setting[];
  readonly values: Settings;
}

/** What a body that is refused is answered with. */
export function settingsWanted({ known }: EngineSettings): string {
  const ranges = known.map(({ name, min, max }) => `${name} from ${min} to ${max}`);
  return `The body must be {"NAME": n, …}: ${ranges.join(', ')}`;
}

/** What `/_local/settings` shows. */
export function settingsState({ known, values }: EngineSettings): Readonly<Record<string, number>> {
  return Object.fromEntries(known.map((setting) => [setting.name, values.get(setting)]));
}

/** Takes the body of `POST /_local/settings`; false, and nothing changed, when it is not one. */
export function changeSettings({ known, values }: EngineSettings, text: string | undefined): boolean {
  const body = parseJson(text ?? '');
  if (!isJsonObject(body) || Object.keys(body).length === 0) return false;
  const changes: { readonly setting: Setting; readonly value: number }[] = [];
  for (const [name, value] of Object.entries(body)) {
    const setting = known.find((one) => one.name === name);
    if (!setting || typeof value !== 'number' || !(value >= setting.min && value <= setting.max)) return false;
    changes.push({ setting, value });
  }
  for (const { setting, value } of changes) values.set(setting, value);
  return true;
}
