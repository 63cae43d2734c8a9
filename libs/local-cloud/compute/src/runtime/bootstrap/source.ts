import { checkSignature } from './check-signature';
import { createFrames } from './create-frames';
import { createLog } from './create-log';
import { createRuntimeApi } from './create-runtime-api';
import { describeError } from './describe-error';
import { installClock } from './install-clock';
import { installNodePath } from './install-node-path';
import { loadHandler } from './load-handler';
import { main } from './main';
import { runHandler } from './run-handler';
import { runtimeError } from './runtime-error';
import type { BootstrapParts } from './types';

/**
 * The bootstrap as the text of one CommonJS file. Made from the functions themselves, so that it is type-checked and
 * needs no file beside the engine's bundle.
 */
export function bootstrapSource(): string {
  const parts: BootstrapParts = {
    installClock,
    installNodePath,
    describeError,
    runtimeError,
    createLog,
    createFrames,
    createRuntimeApi,
    loadHandler,
    checkSignature,
    runHandler,
  };
  const texts = Object.entries(parts).map(([name, part]) => `${name}: ${String(part)}`);
  return `'use strict';
const node = { fs: require('node:fs'), net: require('node:net'), path: require('node:path'), url: require('node:url'), util: require('node:util') };
const load = { require: (path) => require(path), import: (url) => import(url) };
const { enableCompileCache, flushCompileCache, register, registerHooks } = require('node:module');
const cache = { enable: (folder) => enableCompileCache?.(folder), flush: () => flushCompileCache?.() };
(${String(main)})({
${texts.join(',\n')}
}, node, load, cache, { register, registerHooks });
`;
}
