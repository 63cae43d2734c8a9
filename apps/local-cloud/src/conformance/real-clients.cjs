'use strict';
/**
 * AWS's own clients that are no npm packages: what is tried with them, whether this machine has them, and how to get
 * them. Plain JavaScript, because Jest's configuration asks before anything is compiled.
 */
const { spawnSync } = require('node:child_process');

const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** @type {readonly { spec: string, name: string, isInstalled: () => boolean, advice: string }[]} */
const realClients = [
  {
    spec: 'aws-cli\\.spec\\.ts$',
    name: 'conformance with the AWS CLI',
    isInstalled: () => works('aws', ['--version']),
    advice: 'apt-get install awscli, or https://aws.amazon.com/cli',
  },
  {
    spec: 'boto3\\.spec\\.ts$',
    name: 'conformance with boto3',
    isInstalled: () => works('python3', ['-c', 'import boto3']),
    advice: 'apt-get install python3-boto3, or pip install boto3',
  },
];

/** Those this machine lacks: their specs are not run, and nothing counts them as passed. */
const missingClients = () => realClients.filter(({ isInstalled }) => !isInstalled());

module.exports = { missingClients };
