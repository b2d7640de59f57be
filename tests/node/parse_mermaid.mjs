// Reads a JSON list of diagrams from stdin, writes for each what Mermaid's parser says of it: its type, or the error.
// The folder of node_modules is the first argument. Mermaid wants a DOM even to parse.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const { JSDOM } = createRequire(`${modules}/`)("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import(pathToFileURL(`${modules}/mermaid/dist/mermaid.core.mjs`));

const answers = [];
for (const diagram of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push((await mermaid.parse(diagram)).diagramType);
  } catch (error) {
    answers.push(String(error.message));
  }
}
process.stdout.write(JSON.stringify(answers));
