'use strict';
/**
 * Where this machine has a Chromium, for the specs that need one. Plain JavaScript, because Jest's configuration asks
 * before anything is compiled.
 */
const { accessSync, constants } = require('node:fs');
const { delimiter, join } = require('node:path');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** @type {string} what to say where there is none */
const advice = 'apt-get install chromium, or name one in CHROMIUM';

/** The file that starts it; undefined where there is none. @returns {string | undefined} */
function chromium() {
  const named = process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES];
  return (named ? [named] : found).find(canRun);
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

module.exports = { advice, chromium };
