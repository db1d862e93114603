// A whole session with npm's client of the Debug Adapter Protocol: node session.js PACKAGE ADAPTER... -- ATTACH
// Prints what it saw, a line each; ends with an exit code other than 0 when something is not as it should be.
'use strict';
const assert = require('node:assert');
const split = process.argv.indexOf('--');
const { DebugClient } = require(process.argv[2]);
const [command, ...args] = process.argv.slice(3, split);
const { attach, func } = JSON.parse(process.argv[split + 1]);

class Client extends DebugClient {
  constructor() {
    super(command, '', 'osprey', {});
    this._arguments = args;
  }
  start() {
    return new Promise((resolve, reject) => {
      const child = require('node:child_process').spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
      child.on('error', reject);
      child.stderr.on('data', data => process.stderr.write(data));
      this._adapterProcess = child;
      this.connect(child.stdout, child.stdin);
      resolve();
    });
  }
}

async function run() {
  const client = new Client();
  client.defaultTimeout = 60000;
  await client.start();
  const { body: can } = await client.initializeRequest({ adapterID: 'osprey', linesStartAt1: true, pathFormat: 'path' });
  assert.equal(can.supportsConditionalBreakpoints, true);
  await Promise.all([client.waitForEvent('initialized'), client.attachRequest(attach)]);
  const set = await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: func }, { name: 'no_such_function' }] });
  assert.deepEqual(set.body.breakpoints.map(one => one.verified), [true, false]);
  let [stopped] = await Promise.all([client.waitForEvent('stopped'), client.configurationDoneRequest()]);
  assert.equal(stopped.body.reason, 'function breakpoint');
  console.log('stopped at the function');

  const { body: { threads } } = await client.threadsRequest();
  const threadId = stopped.body.threadId;
  assert.ok(threads.some(thread => thread.id === threadId));
  const stack = await client.stackTraceRequest({ threadId, startFrame: 0, levels: 2 });
  assert.equal(stack.body.stackFrames.length, 2);
  assert.ok(stack.body.totalFrames > 2);
  assert.equal(stack.body.stackFrames[0].name, func);
  const frameId = stack.body.stackFrames[0].id;
  const { body: { scopes } } = await client.scopesRequest({ frameId });
  const registers = scopes.find(scope => scope.name === 'Registers');
  const page = await client.variablesRequest({ variablesReference: registers.variablesReference, filter: 'named', start: 1, count: 3 });
  assert.equal(page.body.variables.length, 3);
  const pc = await client.evaluateRequest({ expression: '$rip', frameId, context: 'watch' });
  assert.match(pc.body.result, new RegExp(func));
  const listed = await client.evaluateRequest({ expression: 'threads', frameId, context: 'repl' });
  assert.ok(listed.body.result.split('\n').length > threads.length / 2);
  console.log('threads, frames, scopes, variables and commands were shown');

  const place = stack.body.stackFrames[0].instructionPointerReference;
  const code = await client.customRequest('disassemble', { memoryReference: place, instructionOffset: -2, instructionCount: 6 });
  assert.equal(code.body.instructions.length, 6);
  assert.equal(code.body.instructions[2].address, place);
  const memory = await client.customRequest('readMemory', { memoryReference: place, count: 16 });
  assert.equal(Buffer.from(memory.body.data, 'base64').length, 16);

  for (const granularity of ['instruction', 'instruction']) {
    [stopped] = await Promise.all([client.waitForEvent('stopped'), client.stepInRequest({ threadId, granularity })]);
    assert.equal(stopped.body.reason, 'step');
    assert.equal(stopped.body.threadId, threadId);
  }
  [stopped] = await Promise.all([client.waitForEvent('stopped'), client.nextRequest({ threadId, granularity: 'instruction' })]);
  assert.equal(stopped.body.threadId, threadId);
  await client.setFunctionBreakpointsRequest({ breakpoints: [] });
  [stopped] = await Promise.all([client.waitForEvent('stopped'), client.stepOutRequest({ threadId })]);
  assert.equal(stopped.body.threadId, threadId);
  const after = await client.stackTraceRequest({ threadId });
  assert.equal(after.body.stackFrames[0].name, stack.body.stackFrames[1].name);
  console.log('steps stayed with their thread, and went out of the function');

  const never = await client.customRequest('setInstructionBreakpoints', { breakpoints: [{ instructionReference: place, condition: '1 == 2' }] });
  assert.equal(never.body.breakpoints[0].verified, true);
  await client.continueRequest({ threadId });
  await new Promise(resolve => setTimeout(resolve, 300));
  [stopped] = await Promise.all([client.waitForEvent('stopped'), client.pauseRequest({ threadId })]);
  assert.equal(stopped.body.reason, 'pause');
  const hit = await client.customRequest('setInstructionBreakpoints', { breakpoints: [{ instructionReference: place, condition: '$rsp != 0', hitCondition: '3' }] });
  assert.equal(hit.body.breakpoints[0].verified, true);
  [stopped] = await Promise.all([client.waitForEvent('stopped'), client.continueRequest({ threadId: stopped.body.threadId })]);
  assert.deepEqual(stopped.body.hitBreakpointIds, [hit.body.breakpoints[0].id]);
  console.log('conditions and counts decided what stops');

  const info = await client.customRequest('dataBreakpointInfo', { name: place, asAddress: true, bytes: 4 });
  assert.ok(info.body.dataId);
  const data = await client.customRequest('setDataBreakpoints', { breakpoints: [{ dataId: info.body.dataId, accessType: 'write' }] });
  assert.equal(data.body.breakpoints[0].verified, true);
  await assert.rejects(client.customRequest('writeMemory', { memoryReference: place, data: 'AAAA' }));
  await client.disconnectRequest({});
  console.log('left');
  process.exit(0);
}

run().catch(error => {
  console.error(error);
  process.exit(1);
});
