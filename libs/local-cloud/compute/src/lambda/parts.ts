import type { Engine } from '@outbox/local-cloud-kernel';
import type { CodeDownloads } from './code-downloads';
import type { CodeFolders } from './code-folder';
import type { FunctionKeys } from './function-keys';
import type { Functions } from './functions';
import type { Layers } from './layers/layers';
import type { Executor } from '../runtime/executor';
import type { NodeBinaries } from '../runtime/node-binary';
import type { RoleSessions } from '../role-sessions';

/** What Lambda's operations work with. */
export interface LambdaParts {
  readonly engine: Engine;
  readonly functions: Functions;
  readonly code: CodeFolders;
  readonly layers: Layers;
  readonly layerCode: CodeFolders;
  readonly downloads: CodeDownloads;
  readonly executor: Executor;
  readonly nodes: NodeBinaries;
  readonly roles: RoleSessions;
  readonly keys: FunctionKeys;
}
