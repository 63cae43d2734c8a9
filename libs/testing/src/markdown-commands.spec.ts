import { sectionsOf, shellCommandsOf, shellWordsOf } from './markdown-commands';

const page = `# Page

\`\`\`sh
first
\`\`\`

## One

Text.

\`\`\`sh
look --at this   # why
# a comment alone
aws logs \\
  --pattern '{ $.a = "b" }'
\`\`\`

\`\`\`text
no command
\`\`\`

## Two
`;

describe('commands of a Markdown page', () => {
  it('are those of its sh blocks, by section', () => {
    const sections = sectionsOf(page);
    expect(sections.map(({ title }) => title)).toEqual(['One', 'Two']);
    expect(sections.map(({ text }) => shellCommandsOf(text))).toEqual([
      ['look --at this   # why', `aws logs \\\n  --pattern '{ $.a = "b" }'`],
      [],
    ]);
    expect(shellCommandsOf(page)).toHaveLength(3);
  });

  it.each([
    ['look --at this   # why "not"', ['look', '--at', 'this']],
    [
      `aws logs \\\n  --pattern '{ $.a = "b" }' --text "two words"`,
      ['aws', 'logs', '--pattern', '{ $.a = "b" }', '--text', 'two words'],
    ],
    ['a#b', ['a#b']],
  ])('fall into words: %s', (command, words) => {
    expect(shellWordsOf(command)).toEqual(words);
  });
});
