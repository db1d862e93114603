// Opens a profile with the Firefox Profiler's own reader: a module that exports unserializeProfileOfArbitraryFormat.
import { readFileSync } from "fs";
const [, , module, path] = process.argv;
const { unserializeProfileOfArbitraryFormat } = await import(module);
const profile = await unserializeProfileOfArbitraryFormat(JSON.parse(readFileSync(path, "utf8")));
const sum = (get) => profile.threads.reduce((total, thread) => total + get(thread), 0);
console.log(sum((thread) => thread.samples.length) + " " + sum((thread) => thread.markers.length));
