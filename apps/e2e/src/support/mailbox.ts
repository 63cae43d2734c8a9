import type { Mail } from '@outbox/local-cloud-client';
import { cloud } from './local-cloud';

/** Who is told of the stack's alarms, by mail. */
export const ALARM_EMAIL = 'on-call@example.com';

/** Follows the link that the stack's topic sent; until then it sends nothing else. @throws when there is none */
export async function confirmAlarmEmail(): Promise<void> {
  const [asked] = await cloud.mails(ALARM_EMAIL);
  if (asked?.confirmUrl === undefined) throw new Error(`nobody asked ${ALARM_EMAIL} to confirm`);
  const answer = await fetch(asked.confirmUrl);
  if (!answer.ok) throw new Error(`the link answered ${answer.status}: ${await answer.text()}`);
}

/** What whoever is told of alarms got so far, newest last. */
export function alarmMails(): Promise<readonly Mail[]> {
  return cloud.mails(ALARM_EMAIL);
}
