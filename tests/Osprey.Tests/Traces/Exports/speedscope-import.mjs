// What speedscope's own importer makes of a file: node speedscope-import.mjs <directory of npm's speedscope> <file>
// The package is a bundle for browsers. Its importer is found in it by how the program calls it, and run without a page.
import fs from 'fs';
import path from 'path';
import vm from 'vm';

const [packageDirectory, file] = process.argv.slice(2);
const release = path.join(packageDirectory, 'dist/release');
const bundle = fs.readdirSync(release).find(name => /^speedscope-.*\.js$/.test(name));
const code = fs.readFileSync(path.join(release, bundle), 'utf8');
const importer = /loadFileFromBase64:\(\w+,\w+\)=>\{this\.loadProfile\(\(\)=>(\w+)\(/.exec(code)[1];
const start = code.indexOf('{') + 1;
const patched = `${code.slice(0, start)}globalThis.importBase64=(...args)=>${importer}(...args);${code.slice(start)}`;

const anything = () => new Proxy(function () {}, {
  get: (target, key) => key === Symbol.toPrimitive ? () => '' : anything(),
  apply: () => anything(),
  construct: () => anything(),
  set: () => true,
});
const page = {
  console: { log() {}, warn: console.error, error: console.error },
  atob, btoa, TextDecoder, TextEncoder, setTimeout, clearTimeout, performance, Uint8Array, ArrayBuffer,
  document: anything(), navigator: anything(), location: anything(), localStorage: anything(), fetch: anything(),
  requestAnimationFrame() {}, addEventListener() {},
};
page.window = page.self = page.globalThis = page;
vm.createContext(page);
try {
  vm.runInContext(patched, page);
} catch (problem) {
  if (!page.importBase64)
    throw problem; // only the user interface may fail
}

const group = await page.importBase64(path.basename(file), fs.readFileSync(file).toString('base64'));
console.log(group.name);
for (const profile of group.profiles) {
  console.log(`${profile.getName()}: ${profile.getTotalWeight()} ${profile.getWeightUnit()}`);
  const stack = [];
  profile.forEachCall(
    (node, value) => {
      const { name, file: source, line } = node.frame;
      stack.push(source ? `${name} (${source}:${line})` : name);
      console.log(`  ${value} ${stack.join(' > ')}`);
    },
    () => stack.pop());
}
