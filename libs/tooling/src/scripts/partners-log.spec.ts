import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { outsideLines, type PartnersLog, readPartnersLog } from './partners-log.ts';

const booking = {
  bookingId: 'booking-1',
  key: 'k',
  reference: 'o-1',
  bookedAt: '2026-01-01T00:00:02.000Z',
  requests: 1,
};
const message = {
  messageId: 'message-1',
  key: 'k',
  to: 'c-1',
  subject: 'Order o-1',
  text: '',
  sentAt: '2026-01-01T00:00:01.000Z',
  requests: 3,
};

describe('what happened outside for an order', () => {
  it('is a line for each booking and mail of it, oldest first', () => {
    const cancelled = { ...booking, bookingId: 'booking-2', bookedAt: '2026-01-01T00:00:03.000Z', cancelledAt: 'then' };
    const log: PartnersLog = {
      bookings: [booking, cancelled, { ...booking, reference: 'o-2' }],
      messages: [message, { ...message, subject: 'Order o-2' }],
    };

    expect(outsideLines(log, 'o-1')).toEqual([
      '2026-01-01T00:00:01.000Z  mail to c-1: Order o-1, asked for 3 times',
      '2026-01-01T00:00:02.000Z  the carrier booked booking-1',
      '2026-01-01T00:00:03.000Z  the carrier booked booking-2, cancelled then',
    ]);
    expect(outsideLines(log, 'o-3')).toEqual([]);
  });

  it('is asked of the partners', async () => {
    const log = { bookings: [booking], messages: [] };
    const server = createServer(({ url }, response) => response.end(url === '/_log' ? JSON.stringify(log) : ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    expect(await readPartnersLog(`http://127.0.0.1:${port}`)).toEqual(log);
    server.closeAllConnections();
    server.close();
    await expect(readPartnersLog(`http://127.0.0.1:${port}`)).rejects.toThrow(`GET http://127.0.0.1:${port}/_log`);
  });
});
