/**
 * Lints texts as if they were files of this repository: reads `[{"path", "text"}]` from standard input and prints, for
 * each, the rules it breaks. A process of its own, because ESLint loads its configuration as an ES module.
 */
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '..', '..', '..', '..');
// The boundary rule passes over everything while Nx has written no graph, as on a fresh clone.
await createProjectGraphAsync({ exitOnError: false });
const eslint = new ESLint({ cwd: root });
const results = [];
for (const { path, text } of await json(process.stdin)) {
  const [result] = await eslint.lintText(text, { filePath: join(root, path) });
  results.push(result.messages.map(({ ruleId, message }) => ruleId ?? message));
}
console.log(JSON.stringify(results));
