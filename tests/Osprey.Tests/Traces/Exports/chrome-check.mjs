// Checks a file of Trace Event JSON by the rules of viewers, and sums it up: node chrome-check.mjs <file>
// The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
import fs from 'fs';

const { traceEvents: events, ...rest } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const problems = [];
const check = (good, what, event) => good || problems.push(`${what}: ${JSON.stringify(event).slice(0, 300)}`);
const isTime = value => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);

check(rest.displayTimeUnit === 'ns', 'displayTimeUnit', rest);
const keys = {
  M: ['name', 'ph', 'pid', 'tid', 'args'],
  X: ['name', 'ph', 'pid', 'tid', 'ts', 'dur', 'args'],
  i: ['name', 'ph', 'pid', 'tid', 'ts', 's', 'args'],
  C: ['name', 'ph', 'pid', 'tid', 'ts', 'args'],
};
const phases = new Map(), named = new Set(), used = new Set(), tracks = new Map();
for (const event of events) {
  count(phases, event.ph);
  check(keys[event.ph], 'unknown phase', event);
  check(Object.keys(event).every(key => keys[event.ph]?.includes(key)), 'unknown key', event);
  check(typeof event.name === 'string' && event.name, 'no name', event);
  check(Number.isInteger(event.pid) && event.pid > 0 && Number.isInteger(event.tid) && event.tid >= 0, 'pid and tid', event);
  const row = `${event.pid}/${event.tid}`;
  if (event.ph === 'M') {
    check(['process_name', 'thread_name'].includes(event.name) && typeof event.args.name === 'string' && event.args.name, 'metadata', event);
    named.add(event.name === 'thread_name' ? row : `${event.pid}`);
    continue;
  }

  check(isTime(event.ts), 'ts', event);
  used.add(event.ph === 'C' ? `${event.pid}` : row);
  used.add(`${event.pid}`);
  if (event.ph === 'i')
    check(event.s === 't', 'scope', event);
  if (event.ph === 'C')
    check(Object.values(event.args).length > 0 && Object.values(event.args).every(value => typeof value === 'number'), 'counter', event);
  if (event.ph === 'X') {
    check(isTime(event.dur), 'dur', event);
    // Nanoseconds as whole numbers: sums of fractions would not compare.
    const begin = BigInt(Math.round(event.ts * 1000)), length = BigInt(Math.round(event.dur * 1000));
    if (!tracks.has(row))
      tracks.set(row, []);
    tracks.get(row).push({ begin, end: begin + length, event });
  }
}

for (const row of used)
  check(named.has(row), 'a row without a name', row);

let deepest = 0;
for (const slices of tracks.values()) {
  slices.sort((a, b) => a.begin < b.begin ? -1 : a.begin > b.begin ? 1 : a.end > b.end ? -1 : a.end < b.end ? 1 : 0);
  const open = [];
  for (const slice of slices) {
    while (open.length > 0 && open.at(-1).end <= slice.begin)
      open.pop();
    if (open.length > 0)
      check(open.at(-1).end >= slice.end, 'slices cross', [open.at(-1).event, slice.event]);
    open.push(slice);
    deepest = Math.max(deepest, open.length);
  }
}

for (const [phase, number] of [...phases].sort())
  console.log(`${phase} ${number}`);
console.log(`rows ${tracks.size} with slices, at most ${deepest} deep`);
console.log(`still open ${events.filter(event => event.args?.open).length}`);
console.log(problems.length === 0 ? 'good' : problems.slice(0, 10).join('\n'));
process.exit(problems.length === 0 ? 0 : 1);
