import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consumersOf, ConsumersLayoutError, readListeners } from './listeners';

const root = join(__dirname, '..', '..', '..', '..', '..');

const variables = (entries: string) => `variable "other" {
  default = {
    none = { on = {} }
  }
}

variable "consumers" {
  type = map(object({
    on = map(set(string))
  }))
  default = {
${entries}
  }
  nullable = false
}
`;

describe('who listens to an event', () => {
  it('is read from terraform/variables.tf as it is', () => {
    const listeners = readListeners(readFileSync(join(root, 'terraform', 'variables.tf'), 'utf8'));
    expect(consumersOf(listeners, 'order', 'OrderCreated')).toEqual(
      expect.arrayContaining(['fulfilment', 'notifications', 'order-view']),
    );
    expect(consumersOf(listeners, 'order', 'OrderUpdated')).not.toContain('fulfilment');
  });

  it('is whoever names the type, or its aggregate without types', () => {
    const listeners = readListeners(
      variables(`    one     = { policy = "once", on = { parcel = ["ParcelMoved", "ParcelLost"], truck = [] } }
    "two-b" = { policy = "latest", on = { parcel = [] }, emits = true }
    # What follows takes several lines.
    three = {
      policy = "once"
      on = {
        truck = [
          "TruckSold",
        ]
      }
      policy_statements = [{ sid = "A" }]
    }`),
    );
    expect(consumersOf(listeners, 'parcel', 'ParcelMoved')).toEqual(['one', 'two-b']);
    expect(consumersOf(listeners, 'parcel', 'ParcelFound')).toEqual(['two-b']);
    expect(consumersOf(listeners, 'truck', 'TruckSold')).toEqual(['one', 'three']);
    expect(consumersOf(listeners, 'ship', 'ShipSank')).toEqual([]);
  });

  it.each([
    ['no such variable', '', 'no variable "consumers"'],
    ['no entry', variables(''), 'has no entry'],
    ['an entry that isn’t written out', variables('    one = local.one'), 'one = local.one'],
    ['an entry without `on`', variables('    one = { policy = "once" }'), 'policy = "once"'],
    ['types that aren’t written out', variables('    one = { on = { parcel = local.types } }'), 'parcel = local.types'],
  ])('is not guessed: %s', (_what, text, problem) => {
    expect(() => readListeners(text)).toThrow(ConsumersLayoutError);
    expect(() => readListeners(text)).toThrow(problem);
  });
});
