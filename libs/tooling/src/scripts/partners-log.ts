import { request } from './request.ts';

/** The part of `GET /_log` of the partners that is read here. */
export interface PartnersLog {
  readonly bookings: readonly {
    readonly bookingId: string;
    readonly key: string;
    readonly reference: string;
    readonly bookedAt: string;
    readonly cancelledAt?: string;
    readonly requests: number;
  }[];
  readonly messages: readonly {
    readonly messageId: string;
    readonly key: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly sentAt: string;
    readonly requests: number;
  }[];
}

/** What happened at the partners. @throws UserError when there is no answer */
export async function readPartnersLog(origin: string): Promise<PartnersLog> {
  return (await (await request(`${origin}/_log`)).json()) as PartnersLog;
}

/** A line for each booking and each mail of an order, oldest first; none where it has none. */
export function outsideLines({ bookings, messages }: PartnersLog, orderId: string): readonly string[] {
  const lines = [
    ...bookings
      .filter(({ reference }) => reference.includes(orderId))
      .map(({ bookingId, bookedAt, cancelledAt, requests }) => ({
        at: bookedAt,
        text: `the carrier booked ${bookingId}${asked(requests)}${cancelledAt ? `, cancelled ${cancelledAt}` : ''}`,
      })),
    ...messages
      .filter((message) => [message.key, message.subject, message.text].some((text) => text.includes(orderId)))
      .map(({ to, subject, sentAt, requests }) => ({
        at: sentAt,
        text: `mail to ${to}: ${subject}${asked(requests)}`,
      })),
  ];
  return lines.sort((a, b) => a.at.localeCompare(b.at)).map(({ at, text }) => `${at}  ${text}`);
}

/** More than one request under a key is worth telling: it had one effect all the same. */
function asked(requests: number): string {
  return requests > 1 ? `, asked for ${requests} times` : '';
}
