import { getJestProjectsAsync } from '@nx/jest';
import preset from './jest.preset.js';

// Jest takes the deadline of tests from the configuration it starts with, here this one.
export default async () => ({ projects: await getJestProjectsAsync(), testTimeout: preset.testTimeout });
