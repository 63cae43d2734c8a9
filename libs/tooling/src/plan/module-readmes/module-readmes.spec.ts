import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hclBlocks, HclLayoutError, hclText } from './hcl-blocks.ts';
import { emptyReadme, withInterface } from './readme.ts';

const terraform = join(__dirname, '..', '..', '..', '..', '..', 'terraform');
/** Folders of modules: what stacks are made of, and examples of how. */
const folders = ['modules', 'examples'].flatMap((kind) =>
  readdirSync(join(terraform, kind))
    .sort()
    .map((name) => ({ folder: join(kind, name), name })),
);
const files = ['main.tf', 'variables.tf', 'outputs.tf'];

/** main, variables and outputs, then whatever else a module is split into. */
function blocksOf(folder: string): ReturnType<typeof hclBlocks> {
  const all = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  const others = all.filter((file) => !files.includes(file)).sort();
  return [...files.filter((file) => all.includes(file)), ...others].flatMap((file) =>
    hclBlocks(readFileSync(join(folder, file), 'utf8')),
  );
}

describe("a module's README", () => {
  it.each(folders)('$folder says what it is for, and its inputs and outputs as they are', ({ folder, name }) => {
    const file = join(terraform, folder, 'README.md');
    const update = process.env['UPDATE_DOCS'] === '1';
    const readme = existsSync(file) || !update ? readFileSync(file, 'utf8') : emptyReadme(name);
    const wanted = withInterface(readme, blocksOf(join(terraform, folder)));
    if (update && wanted !== undefined) writeFileSync(file, wanted);

    // Out of date? UPDATE_DOCS=1 npx nx test tooling
    expect(readFileSync(file, 'utf8')).toBe(wanted);
    expect(wanted).toMatch(new RegExp(`^# ${name}\n\n[A-Z][^\n]{40,}`));
  });

  it('keeps what is written by hand and replaces what is between the marks', () => {
    const readme = emptyReadme('queue').replace('\n\n', '\n\nHolds messages.\n\n');
    const text = withInterface(
      readme,
      hclBlocks(`# Queues
variable "name" {
  description = "Name, a|b, of <app>."
  type        = string
}

variable "limits" {
  description = <<-EOT
    How much:
      - count
  EOT
  type = object({
    count = optional(number, 3)
    tags  = map(string)
  })
  default = { count = 1 }

  validation {
    condition     = true
    error_message = "x"
  }
}

resource "aws_sqs_queue" "this" {
  name = var.name

  tags = {
    a = 1
  }
}

output "url" {
  description = "Where."
  value       = aws_sqs_queue.this.url
}
`),
    );

    const cells = text?.replaceAll(/ +/g, ' ');
    expect(cells).toContain('# queue\n\nHolds messages.\n\n<!-- inputs');
    expect(cells).toContain('| `name` | `string` | required | Name, a\\|b, of &lt;app>. |');
    expect(cells).toContain(
      '| `limits` | `object({ count = optional(number, 3), tags = map(string) })` | `{ count = 1 }` | How much:<br> - count |',
    );
    expect(cells).toContain('| `aws_sqs_queue.this` | resource |');
    expect(cells).toContain('| `url` | Where. |');
  });

  it('is not made from a file that is laid out otherwise, nor without a description', () => {
    expect(() => hclBlocks('variable "name" { type = string }')).toThrow(HclLayoutError);
    expect(() => hclBlocks('variable "name" {\n  type = string\n')).toThrow(/no end of the block/);
    expect(() => hclText('local.text')).toThrow(HclLayoutError);
    expect(() => withInterface(emptyReadme('x'), hclBlocks('variable "name" {\n}\n'))).toThrow(
      /name has no description/,
    );
  });
});
