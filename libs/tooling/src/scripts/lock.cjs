'use strict';
/**
 * Locks for what only one command of a clone may do at a time. A lock is a file that names its holder and the programs
 * that the holder runs. A holder that was killed loses it: whoever comes next ends what it left running. Plain JavaScript
 * that runs on any Node from 12 on, with no package: `npm ci` runs under one.
 */
const { mkdirSync, readFileSync, renameSync, rmdirSync, statSync, unlinkSync, writeFileSync } = require('fs');
const { dirname, join } = require('path');
const { setTimeout } = require('timers');
const { endGroup, processOf } = require('./process-groups.cjs');

const pollMs = 200;
/** Nobody sits there to give up: a pipeline must end. */
const unattendedMs = 20 * 60 * 1000;
/** A holder writes its file in one go, so one that is empty for longer was left by a crash. */
const writtenMs = 2000;
/** How long somebody may take to end what a dead holder left running, and how long these programs may take for it. */
const takeOverMs = 60 * 1000;
const leftGraceMs = 5000;

/** The locks of this process: file → what it says. */
const held = new Map();
/** The process groups that this process runs: pid of the leader → when it started. */
const groups = new Map();

/** Another command has the lock, and had it for too long. */
class LockedError extends Error {
  constructor(message) {
    super(message);
    this.name = 'LockedError';
  }
}

process.on('exit', () => {
  for (const [file, text] of held) giveBack(file, text);
});

/** The file of a clone's lock. It lies in no folder that a command removes. */
function lockFile(root, name) {
  return join(root, '.local', 'locks', `${name}.lock`);
}

/**
 * @typedef {object} Waiting
 * @property {string} command what the holder is called
 * @property {(sentence: string) => void} onWait called once, if another has the lock
 * @property {() => void} [throwIfStopped] called while waiting
 * @property {number} [waitMs] how long at most
 */

/**
 * Waits until `file` is this process's.
 * @param {string} file
 * @param {Waiting} waiting
 * @returns {Promise<() => void>} gives it back
 * @throws LockedError when it took too long and nobody sits at a terminal
 */
async function acquire(file, { command, onWait, throwIfStopped = () => undefined, waitMs = patienceMs() }) {
  mkdirSync(dirname(file), { recursive: true });
  const text = textOf({ pid: process.pid, command, since: new Date().toISOString() });
  const deadline = Date.now() + waitMs;
  let told = false;
  while (!create(file, text)) {
    const holder = await otherHolder(file);
    if (holder === undefined) continue;
    const sentence = `${holder.command} (pid ${holder.pid}, since ${holder.since}) is at work here`;
    if (Date.now() > deadline) throw new LockedError(`${sentence}, and still is after ${Math.round(waitMs / 1000)} s`);
    if (!told) onWait(`${sentence}: waiting until it is done`);
    told = true;
    throwIfStopped();
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  held.set(file, text);
  return () => {
    const own = held.get(file);
    if (held.delete(file)) giveBack(file, own);
  };
}

function patienceMs() {
  return process.stderr.isTTY ? Infinity : unattendedMs;
}

/** What a lock says: its holder with the time it started, since pids come again, and the groups it runs. */
function textOf(holder) {
  const { started } = processOf(process.pid) || {};
  return JSON.stringify({ ...holder, started, groups: [...groups].map(([pid, at]) => ({ pid, started: at })) });
}

/** Whether the file was not there and now is ours. */
function create(file, text) {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Who has the lock; undefined once nobody has: it may be tried again. */
async function otherHolder(file) {
  const text = read(file);
  if (text === undefined) return undefined;
  const holder = parse(text);
  if (holder === undefined && ageOf(file) < writtenMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    return undefined;
  }
  if (holder !== undefined && isSame(holder)) return holder;
  await takeFrom(file, text, holder ? holder.groups : []);
  return undefined;
}

/** Whether the process that `started` then still runs. */
function isSame({ pid, started }) {
  const running = processOf(pid);
  return running !== undefined && running.started === started;
}

/** Ends what a dead holder left running and removes its lock. One process at a time does that: the file may be another's by now. */
async function takeFrom(file, text, left) {
  const turn = `${file}.taking`;
  try {
    mkdirSync(turn);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (ageOf(turn) > takeOverMs) removeFolder(turn);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    return;
  }
  try {
    if (read(file) !== text) return;
    // The leader may be gone and others of its group not; a leader that started another time leads a group of others.
    const ours = left.filter((group) => processOf(group.pid) === undefined || isSame(group));
    await Promise.all(ours.map(({ pid }) => endGroup(pid, { graceMs: leftGraceMs })));
    remove(file);
  } finally {
    removeFolder(turn);
  }
}

/** Tells the locks that this process runs a group; `forgetGroup` that it is gone. */
function noteGroup(pid) {
  const { started } = processOf(pid) || {};
  groups.set(pid, started);
  rewrite();
}

function forgetGroup(pid) {
  if (groups.delete(pid)) rewrite();
}

function rewrite() {
  for (const [file, text] of held) {
    const found = read(file);
    // Somebody removed the folder, and another command has the lock by now: it is not ours to write.
    if (found !== undefined && found !== text) continue;
    const changed = textOf(parse(text));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, changed);
    renameSync(`${file}.${process.pid}`, file);
    held.set(file, changed);
  }
}

/** Removes a lock, unless it is another's by now. */
function giveBack(file, text) {
  if (read(file) === text) remove(file);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read(file) {
  return unless('ENOENT', () => readFileSync(file, 'utf8'));
}

function ageOf(file) {
  return Date.now() - (unless('ENOENT', () => statSync(file).mtimeMs) || 0);
}

function remove(file) {
  unless('ENOENT', () => unlinkSync(file));
}

function removeFolder(folder) {
  unless('ENOENT', () => rmdirSync(folder));
}

function unless(code, work) {
  try {
    return work();
  } catch (error) {
    if (error.code !== code) throw error;
    return undefined;
  }
}

module.exports = { acquire, forgetGroup, lockFile, noteGroup };
