import { exampleWorkspace, written } from '../testing/workspace';
import { writeAggregate } from './generator';

const sources = 'libs/orders/events/src';

function generated(name: string, events: string): ReadonlyMap<string, string> {
  return written(exampleWorkspace(), (tree) => writeAggregate(tree, { name, events }));
}

describe('the generator of aggregates', () => {
  it('writes an aggregate, its schemas and a spec, and has the service publish it', () => {
    const files = generated('credit-note', 'Issued, Paid');
    expect([...files.keys()].sort()).toEqual(
      ['aggregates.ts', 'credit-note.spec.ts', 'credit-note.ts', 'credit-note.v1.ts', 'index.ts'].map(
        (file) => `${sources}/${file}`,
      ),
    );
    expect(files.get(`${sources}/aggregates.ts`)).toMatch(
      /import \{ shipment \} from '.\/shipment';\nimport \{ creditNote \} from '.\/credit-note';\n[^]*= \[order, shipment, creditNote\];\n$/,
    );
    expect(files.get(`${sources}/index.ts`)).toMatch(
      /\nexport \{ creditNote, type CreditNoteEvent \} from '.\/credit-note';\n$/,
    );
    expect(files.get(`${sources}/credit-note.ts`)).toContain('    Issued: { v1: creditNoteIssuedV1 },\n    Paid: {');
  });

  it.each([
    ['Invoice', 'Paid', 'NAME: "Invoice" is no aggregate type'],
    ['../invoice', 'Paid', 'NAME: "../invoice" is no aggregate type'],
    ['return', 'Received', 'NAME: "return" is a word of JavaScript'],
    ['package', 'Sent', 'NAME: "package" is a word of JavaScript'],
    ['await', 'Sent', 'NAME: "await" is a word of JavaScript'],
    ['order-snapshot', 'Taken', 'NAME: "order-snapshot" is taken'],
    ['index', 'Read', 'NAME: "index" is taken'],
    ['invoice', 'paid', 'EVENTS: "paid" is no event'],
    ['invoice', 'Paid,', 'EVENTS: "" is no event'],
    ['invoice', 'Paid,Paid', 'EVENTS: Paid is named twice'],
  ])('refuses %s with the events %s', (name, events, reason) => {
    expect(() => generated(name, events)).toThrow(reason);
  });

  it('refuses an event whose type another aggregate has', () => {
    const tree = exampleWorkspace();
    const contract = { source: 'orders', aggregates: { 'credit-note': { CreditNoteIssued: ['urn:x:v1'] } } };
    tree.write('libs/orders/events/contract.json', JSON.stringify(contract));
    const credit = { name: 'credit', events: 'NoteIssued' };
    expect(() => writeAggregate(tree, credit)).toThrow(
      'EVENTS: NoteIssued would be called CreditNoteIssued, as an event of credit-note is.',
    );
  });

  it('refuses a list of aggregates that it does not know', () => {
    const tree = exampleWorkspace();
    tree.write(`${sources}/aggregates.ts`, 'export const AGGREGATES = all();\n');
    expect(() => writeAggregate(tree, { name: 'invoice', events: 'Paid' })).toThrow(
      `${sources}/aggregates.ts isn't laid out as expected`,
    );
  });
});
