import { parseXml } from './read-xml';

describe('XML of a request', () => {
  it('is read with its attributes, entities and sections of plain text', () => {
    const text =
      '<?xml version="1.0"?><!-- a note --><s3:A xmlns:s3="x" b="1 &lt; 2"><C>a&amp;b &#65;</C><C><![CDATA[<d>]]></C><E/></s3:A>';
    const root = parseXml(text);
    expect([root.name, root.attributes['b']]).toEqual(['A', '1 < 2']);
    expect(root.children.map(({ name, text: content }) => [name, content])).toEqual([
      ['C', 'a&b A'],
      ['C', '<d>'],
      ['E', ''],
    ]);
  });

  it.each([
    '',
    'text',
    '<A>',
    '<A></B>',
    '<A/><B/>',
    '</A>',
    '<A b=1/>',
    '<A>&unknown;</A>',
    '<!DOCTYPE A [<!ENTITY e "e">]><A>&e;</A>',
    '<A>'.repeat(100) + '</A>'.repeat(100),
  ])('is refused where it is %j', (text) => {
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'SerializationException' }) as Error);
  });
});
