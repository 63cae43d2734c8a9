import { ApiMeter, SLOW_MS } from './api-meter';

describe('ApiMeter', () => {
  it('tells failed and slow tries apart, and how long those took that were answered', () => {
    const meter = new ApiMeter();
    for (let ms = 1; ms <= 98; ms += 1) meter.note({ ms, failed: false });
    meter.note({ ms: SLOW_MS + 1, failed: false });
    meter.note({ ms: 2 * SLOW_MS, failed: false });
    meter.note({ ms: 9 * SLOW_MS, failed: true });
    expect(meter.feel()).toEqual({ requests: 101, failed: 1, slow: 2, p50Ms: 50, p99Ms: SLOW_MS + 1 });
  });

  it('has felt nothing when nobody asked', () => {
    expect(new ApiMeter().feel()).toEqual({ requests: 0, failed: 0, slow: 0, p50Ms: 0, p99Ms: 0 });
  });
});
