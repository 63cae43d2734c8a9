import * as fc from 'fast-check';
import { href, parseRoute } from './route';

describe('an address within the page', () => {
  it('is read as it was written, whatever the id holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (rest) => {
        expect(parseRoute(href('trace', rest))).toEqual({ view: 'trace', rest });
      }),
    );
  });

  it.each([
    ['', { view: '', rest: '' }],
    ['#/alarms', { view: 'alarms', rest: '' }],
    ['#/trace/%E0%A4%A', { view: 'trace', rest: '%E0%A4%A' }],
    ['#<script>', { view: '', rest: '' }],
  ])('%j is understood', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});
