// `npm run demo`: a server of its own on this machine, four STIX files pushed to it and polled back, compared byte for byte.
// Without --once the server goes on running until Ctrl-C. Uses dist/, as an installed package would.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createClient } from "../dist/src/client/index.js";
import { xmlContent } from "../dist/src/index.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const config = join(root, "samples/taxii.json");
const samples = join(root, "samples/stix");
const program = join(root, "dist/src/cli/bin/taxii.js");
const collection = "indicators";
// Milliseconds.
const patience = 20_000;

const { once } = parseArgs({ options: { once: { type: "boolean", default: false } } }).values;
const { host, port: usualPort, services } = JSON.parse(readFileSync(config, "utf8"));

// The library's own demonstration must not fill anybody's database, unless they name one.
const folder = process.env.TAXII_DATABASE ? undefined : mkdtempSync(join(tmpdir(), "taxii-demo-"));
const database = process.env.TAXII_DATABASE ?? join(folder, "demo.db");
const port = (await isFree(usualPort)) ? usualPort : await freePort();
const discovery = `http://${host}:${port}${services.discovery}`;

const server = spawn(process.execPath, [program, "serve", "--config", config, "--port", String(port)], {
  cwd: root,
  env: { ...process.env, TAXII_DATABASE: database },
  stdio: ["ignore", once ? "ignore" : "inherit", "inherit"],
});
const ended = new Promise((resolve) => server.once("exit", resolve));
process.once("SIGINT", stop);
process.once("SIGTERM", stop);

try {
  step(`Server: taxii serve --config ${relative(root, config)} on ${host}:${port}, database ${database}`);
  const client = createClient(discovery);
  await answering(client);
  await demonstrate(client);
  if (once) await stop();
  else explain();
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await stop();
}
await ended;
if (folder !== undefined) rmSync(folder, { recursive: true, force: true });

async function demonstrate(client) {
  step("Discovery: which services are there?");
  for (const { serviceType, address } of await client.discover()) say(`${serviceType.padEnd(22)} ${address}`);

  step("Collection information: which collections?");
  for (const { collectionName, collectionType, description } of await client.collections()) {
    say(`${collectionName.padEnd(22)} ${collectionType}  ${description}`);
  }

  // Where to go on from: a database that was named may have content already.
  const before = client.poll(collection);
  for await (const _ of before);

  const files = readdirSync(samples)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(samples, name), "utf8") }));
  step(`Inbox: push ${files.length} STIX packages to ${collection}`);
  for (const { name, text } of files) {
    const { blocks } = await client.push([{ contentBinding: { bindingId: bindingOf(text) }, content: xmlContent(text) }], {
      collection,
    });
    say(`${name.padEnd(22)} ${String(Buffer.byteLength(text)).padStart(5)} bytes  ${blocks === 1 ? "taken" : "lost"}`);
  }

  step(`Poll: what came into ${collection} after ${before.end}`);
  const polled = [];
  const after = client.poll(collection, { after: before.end });
  for await (const block of after) polled.push(block);
  let different = polled.length === files.length ? 0 : 1;
  for (const [index, { name, text }] of files.entries()) {
    const block = polled[index];
    const same = block !== undefined && Buffer.from(block.content.xml ?? block.content.text).equals(Buffer.from(text));
    if (!same) different++;
    say(`${name.padEnd(22)} ${block?.timestampLabel ?? "missing"}  ${same ? "the same, byte for byte" : "DIFFERENT"}`);
  }
  say(`complete up to ${after.end}, ${after.recordCount} records`);
  if (different > 0) throw new Error("what was polled is not what was pushed");
}

/** Waits until the server answers. */
async function answering(client) {
  let failure;
  for (const deadline = Date.now() + patience; Date.now() < deadline; ) {
    if (server.exitCode !== null) throw new Error(`the server ended with exit code ${server.exitCode}`);
    try {
      return await client.discover();
    } catch (error) {
      failure = error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`the server does not answer: ${failure?.message}`);
}

function explain() {
  step("The server goes on running. Talk to it:");
  say(`import { createClient } from "taxii/client";`);
  say(`const client = createClient("${discovery}");`);
  say(`for await (const block of client.poll("${collection}")) console.log(block.content);`);
  say("");
  say("or, with nothing but curl:");
  say(`curl ${discovery} -H 'Content-Type: application/xml' \\`);
  say("  -H 'X-TAXII-Content-Type: urn:taxii.mitre.org:message:xml:1.1' -H 'X-TAXII-Services: urn:taxii.mitre.org:services:1.1' \\");
  say("  -H 'X-TAXII-Protocol: urn:taxii.mitre.org:protocol:http:1.0' \\");
  say(`  -d '<Discovery_Request xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1"/>'`);
  console.log("\nCtrl-C stops it.");
}

async function stop() {
  if (server.exitCode === null && server.signalCode === null) server.kill("SIGTERM");
  await ended;
}

function bindingOf(stix) {
  const [, version] = /<stix:STIX_Package[^>]*\sversion="([^"]+)"/.exec(stix) ?? [];
  return `urn:stix.mitre.org:xml:${version}`;
}

function isFree(candidate) {
  return listen(candidate).then(
    () => true,
    () => false,
  );
}

function freePort() {
  return listen(0);
}

function listen(candidate) {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(candidate, host, () => {
      const { port: found } = probe.address();
      probe.close(() => resolve(found));
    });
  });
}

function step(text) {
  console.log(`\n${text}`);
}

function say(text) {
  console.log(text === "" ? "" : `  ${text}`);
}
