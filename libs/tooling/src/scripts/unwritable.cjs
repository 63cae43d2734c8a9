'use strict';
/** What to tell the user of a file that may not be read or written. Plain JavaScript that runs on any Node from 12 on. */
const { accessSync, constants, existsSync, statSync } = require('fs');
const { dirname } = require('path');

/**
 * One line for an error of the file system: the path, why, and what to do; undefined when it is about something else.
 * @param {{code?: string, path?: string}} error
 */
function adviceFor({ code, path }) {
  if (path === undefined) return undefined;
  if (code === 'EROFS') return `${path} can't be written: its file system is read-only. Clone the repository elsewhere`;
  if (code === 'ENOSPC') return `${path} can't be written: its file system is full`;
  if (code !== 'EACCES' && code !== 'EPERM') return undefined;
  const place = nearest(path);
  const { uid } = statSync(place);
  const user = process.getuid ? process.getuid() : uid;
  return uid === user
    ? `${path} can't be read or written: the mode of ${place} forbids it. Allow it: chmod -R u+rwX ${place}`
    : `${path} can't be read or written: ${place} belongs to user ${uid}, and you are user ${user}. ` +
        `Make it yours (sudo chown -R ${user} ${place}), or work in a clone of your own`;
}

/** The advice for the first of these paths that can't be written or made; undefined when all can. */
function unwritable(paths) {
  for (const path of paths) {
    try {
      accessSync(nearest(path), constants.W_OK);
    } catch (error) {
      return adviceFor({ code: error.code, path });
    }
  }
  return undefined;
}

/** The path, or the folder above it that is there. */
function nearest(path) {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

module.exports = { adviceFor, unwritable };
