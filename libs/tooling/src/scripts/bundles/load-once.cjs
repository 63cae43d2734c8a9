'use strict';
/** `node load-once.cjs BUNDLE`: prints how many milliseconds of processor time this process takes to load a bundle. */
const { user, system } = process.cpuUsage();
require(process.argv[2]);
const after = process.cpuUsage();
console.log((after.user - user + after.system - system) / 1_000);
// A client may keep the process for its timers.
process.exit(0);
