// One measurement in a process of its own: node worker.mjs TASK FILE → a line of JSON.

import { createReadStream, readFileSync } from "node:fs";

const [task, file] = process.argv.slice(2);
const bytes = readFileSync(file);
const small = bytes.length < 10_000;

function* chunks() {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

const taxii = () => import("../../dist/src/index.js");
const binding = () => import("../../dist/generated/taxii11/index.js");

/** Each makes a function that does the work once. */
const tasks = {
  async "typed read"() {
    const [{ fromXml }, { messages }] = [await taxii(), await binding()];
    return () => fromXml(messages, bytes);
  },
  async "streamed read"() {
    const [{ readMessageStream }, { messages }] = [await taxii(), await binding()];
    return async () => {
      const { blocks } = await readMessageStream(messages, chunks());
      for await (const _ of blocks);
    };
  },
  async write() {
    const [{ fromXml, toXml }, shapes] = [await taxii(), await binding()];
    const message = fromXml(shapes.messages, bytes);
    const shape = shapes.messages.find(({ name }) => name === message.$type);
    const encoder = new TextEncoder();
    return () => encoder.encode(toXml(shape, message));
  },
  async "JSON write"() {
    const [{ fromXml, toJson }, shapes] = [await taxii(), await binding()];
    const message = fromXml(shapes.messages, bytes);
    const shape = shapes.messages.find(({ name }) => name === message.$type);
    return () => toJson(shape, message);
  },
  async "JSON read"() {
    const [{ fromXml, fromJson, toJson }, shapes] = [await taxii(), await binding()];
    const message = fromXml(shapes.messages, bytes);
    const shape = shapes.messages.find(({ name }) => name === message.$type);
    const json = toJson(shape, message);
    return () => fromJson(shapes.messages, json);
  },
  async "read + validate"() {
    const [{ fromXml, validate }, shapes] = [await taxii(), await binding()];
    return () => {
      const message = fromXml(shapes.messages, bytes);
      const shape = shapes.messages.find(({ name }) => name === message.$type);
      if (!validate(shape, message).valid) throw new Error("the benchmark's document is not valid");
    };
  },
  async saxes() {
    const { SaxesParser } = await import("saxes");
    return () => new SaxesParser({ xmlns: true }).write(new TextDecoder().decode(bytes)).close();
  },
  async "fast-xml-parser"() {
    const { XMLParser } = await import("fast-xml-parser");
    const parser = new XMLParser({ ignoreAttributes: false });
    return () => parser.parse(new TextDecoder().decode(bytes));
  },
  async "libxml2-wasm"() {
    const { XmlDocument, ParseOption } = await import("libxml2-wasm");
    return () => XmlDocument.fromBuffer(bytes, { option: ParseOption.XML_PARSE_HUGE }).dispose();
  },
};

const run = await tasks[task]();
const repeat = small ? 2000 : Math.max(1, Math.round(3e6 / bytes.length));

async function pass() {
  const from = performance.now();
  for (let index = 0; index < repeat; index++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (bytes.length * repeat) / 1000 / (performance.now() - from);
}

// Warm: compilers have had their time before anything counts.
const started = performance.now();
do await pass();
while (performance.now() - started < 1500);
const rates = [];
const warm = performance.now();
while (rates.length < 3 || performance.now() - warm < 1500) rates.push(await pass());
rates.sort((a, b) => a - b);

console.log(
  JSON.stringify({ rate: rates[Math.floor(rates.length / 2)], growth: task === "streamed read" && !small ? await growth() : undefined }),
);

/** Resident memory that one more streamed read of the whole document adds at its highest, in MB; `bytes` is let go before. */
async function growth() {
  const { readMessageStream } = await taxii();
  const { messages } = await binding();
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let highest = before;
  const { blocks } = await readMessageStream(messages, createReadStream(file, { highWaterMark: 64 * 1024 }));
  for await (const _ of blocks) highest = Math.max(highest, process.memoryUsage.rss());
  return (highest - before) / 1e6;
}
