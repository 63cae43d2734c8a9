'use strict';
/**
 * Programs and everything they start, as process groups: every program that a command starts leads one of its own. Plain
 * JavaScript that runs on any Node from 12 on, with no package.
 */
const { spawnSync } = require('child_process');
const { existsSync, readdirSync, readFileSync } = require('fs');
const { setTimeout } = require('timers');

const pollMs = 50;

const hasProc = existsSync('/proc/self/stat');

/** {group, started} of a process; undefined when there is none, or only what its parent has yet to collect. */
function processOf(pid) {
  if (!hasProc) return listed(['-p', String(pid)]).find((process) => process.pid === pid);
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The program's name comes before, in brackets, and may hold anything; see proc_pid_stat(5) for the order.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X'
    ? undefined
    : { pid, group: Number(fields[2]), started: String(fields[19]) };
}

/** The same of processes as `ps` lists them: macOS has no /proc. */
function listed(which) {
  const { stdout } = spawnSync('ps', [...which, '-o', 'pid=,pgid=,stat=,lstart='], { encoding: 'utf8' });
  return (stdout || '')
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line))
    .filter((match) => match !== null && !match[3].startsWith('Z'))
    .map(([, pid, group, , started]) => ({ pid: Number(pid), group: Number(group), started }));
}

/** The pids in a process group that still run. */
function membersOf(group) {
  const processes = hasProc
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => processOf(Number(name)))
    : listed(['-ax']);
  return processes.filter((process) => process !== undefined && process.group === group).map(({ pid }) => pid);
}

/** Sends a signal to a process, or to a group by its negative number; nothing happens when it is gone. */
function signal(target, name) {
  try {
    process.kill(target, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Asks a process group to end and waits until nobody is left in it; what is left after `graceMs` is killed. Terraform
 * alone is asked by itself: it ends its providers once it needs them no more, and a second signal would make it give up
 * without writing its state.
 */
async function endGroup(group, { leaderAlone = false, graceMs }) {
  if (leaderAlone) signal(group, 'SIGINT');
  else signal(-group, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  let killed = false;
  while (membersOf(group).length > 0) {
    if (!killed && Date.now() > deadline) {
      signal(-group, 'SIGKILL');
      killed = true;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

module.exports = { endGroup, membersOf, processOf, signal };
