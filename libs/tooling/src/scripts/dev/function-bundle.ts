import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { context, formatMessages, type BuildContext, type BuildFailure } from 'esbuild';
import { functionBundle } from '../../bundle-options.cjs';

/** What became of a function's bundle when it was built again. */
export type Rebuilt =
  | { readonly kind: 'changed'; readonly code: Uint8Array }
  | { readonly kind: 'unchanged' }
  /** The compiler's words. */
  | { readonly kind: 'failed'; readonly why: string };

/** The bundle of a function, built again in a fraction of the time: esbuild keeps what did not change. */
export class FunctionBundle {
  readonly app: string;
  readonly #root: string;
  readonly #build: BuildContext<ReturnType<typeof functionBundle>>;
  #files: ReadonlySet<string> = new Set();
  #hash = '';
  #failed = false;

  private constructor(app: string, root: string, build: BuildContext<ReturnType<typeof functionBundle>>) {
    this.app = app;
    this.#root = root;
    this.#build = build;
  }

  /** Of the app of that name. To be disposed of: it holds memory of esbuild's. */
  static async of(root: string, app: string): Promise<FunctionBundle> {
    return new FunctionBundle(app, root, await context(functionBundle(root, app)));
  }

  /** Whether a change of this file may change the bundle: it holds the file, or it could not be built. */
  concerns(file: string): boolean {
    return this.#failed || this.#files.has(relative(this.#root, file));
  }

  /** Whether a file that the bundle was last built of was saved since. @param time milliseconds since the epoch */
  wasSavedSince(time: number): boolean {
    const savedAt = (file: string) => statSync(join(this.#root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return [...this.#files].some((file) => savedAt(file) >= time);
  }

  async rebuild(): Promise<Rebuilt> {
    try {
      const { metafile, outputFiles } = await this.#build.rebuild();
      this.#failed = false;
      this.#files = new Set(Object.keys(metafile.inputs));
      const [output] = outputFiles;
      if (output === undefined || output.hash === this.#hash) return { kind: 'unchanged' };
      this.#hash = output.hash;
      return { kind: 'changed', code: output.contents };
    } catch (error) {
      this.#failed = true;
      return { kind: 'failed', why: await messageOf(error) };
    }
  }

  dispose(): Promise<void> {
    return this.#build.dispose();
  }
}

async function messageOf(error: unknown): Promise<string> {
  if (!isBuildFailure(error)) throw error;
  const texts = await formatMessages(error.errors, { kind: 'error', color: false });
  return texts.map((text) => text.trimEnd()).join('\n');
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
