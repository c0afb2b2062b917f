// Answers questions with the engine as the page's worker holds it: node answer.mjs wasm_exec.js live.wasm < questions
// A question is a line: its name, a blank, its JSON. Lines of answers go to stdout, milliseconds of each answer to stderr.
// The name `cancel:run` calls the answer off after ten lines.
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

// Node hands over all messages of a port at once, those too that come meanwhile; a browser does other tasks between two.
globalThis.MessageChannel = class {
  port1 = {};
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
};

const [exec, wasm] = process.argv.slice(2);
await import(pathToFileURL(exec));
const go = new Go();
const ready = new Promise((done) => (globalThis.onentrepot = done));
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), go.importObject);
go.run(instance);
await ready;

function out(fd, text) {
  for (let bytes = Buffer.from(text); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (e) {
      if (e.code !== "EAGAIN") throw e;
    }
  }
}

for (const question of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const at = question.indexOf(" ");
  let [name, json] = [question.slice(0, at), question.slice(at + 1)];
  const stop = name.startsWith("cancel:");
  name = name.replace("cancel:", "");
  const lines = [];
  const begin = performance.now();
  const answer = globalThis.entrepot.answer(name, json, (line) => {
    lines.push(line);
    if (stop && lines.length === 10) setTimeout(answer.cancel, 0); // heard only if the engine lets the event loop on
  });
  try {
    await answer.done;
  } catch (e) {
    lines.push(`${e.name}: ${e.message}`);
  }
  out(2, `${name} ${Math.round(performance.now() - begin)}\n`);
  out(1, lines.join("\n") + "\n");
}
process.exit(0);
