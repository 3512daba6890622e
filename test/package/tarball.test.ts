/** The packed package, installed in an empty folder and used as users would: from TypeScript, from a browser bundle's point of view, as programs. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

function run(command: string, args: readonly string[], cwd = folder): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "taxii-package-"));
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root)) as {
    filename: string;
  }[];
  if (packed === undefined) throw new Error("npm packed nothing");
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: Record<string, string> };
  // ts-morph is what taxii-codegen asks its users to install.
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${packed.filename}`, `ts-morph@${devDependencies["ts-morph"]}`]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  it("reads, writes and calls a server, from plain JavaScript", () => {
    writeFileSync(
      join(folder, "use.mjs"),
      `import { create, fromXml, toXml } from "taxii";
       import { DiscoveryRequest, messages } from "taxii/1.1";
       import { createClient } from "taxii/client";
       import { createServer, discovery } from "taxii/server";
       import { memoryStorage } from "taxii/storage";
       const server = createServer({ storage: memoryStorage(), services: [discovery({ path: "/discovery" })] });
       const client = createClient("http://taxii.test/discovery", { fetch: server.fetch });
       const services = await client.discover();
       console.log(fromXml(messages, toXml(DiscoveryRequest, create(DiscoveryRequest, {}))).$type, services.length);`,
    );
    expect(run(process.execPath, ["use.mjs"])).toBe("taxii11.DiscoveryRequest 1\n");
  });

  it("type-checks for a strict user", () => {
    writeFileSync(
      join(folder, "use.ts"),
      `import { create, fromXml } from "taxii";
       import { PollRequest, PollResponse, StatusMessage } from "taxii/1.1";
       const request: PollRequest = create(PollRequest, { collectionName: "c", pollParameters: { deliveryParameters: undefined } });
       const reply = fromXml([PollResponse, StatusMessage], "");
       if (reply.$type === "taxii11.PollResponse") { const more: boolean = reply.more; void more; }
       // @ts-expect-error collectionName is required
       create(PollRequest, { pollParameters: {} });
       // @ts-expect-error no such status
       const wrong: number = reply.messageId;
       void [request, wrong];`,
    );
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      module: "nodenext",
      target: "es2023",
      lib: ["es2023", "dom"],
      types: [],
      skipLibCheck: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["use.ts"] }));
    expect(run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."])).toBe("");
  });

  it("loads no module of Node's for taxii, taxii/1.0, taxii/1.1 and taxii/client", () => {
    writeFileSync(
      join(folder, "loaded.mjs"),
      `import { register } from "node:module";
       const hooks = "export async function resolve(s, c, next) { if (s.startsWith('node:')) { console.log('LOADED ' + s + ' by ' + c.parentURL); } return next(s, c); }";
       register("data:text/javascript," + encodeURIComponent(hooks));
       for (const name of ["taxii", "taxii/1.0", "taxii/1.1", "taxii/default-query"]) await import(name);
       // What other runtimes get for taxii/client; Node gets one that has its own transport.
       await import("./node_modules/taxii/dist/src/client/index.js");
       console.log("done");`,
    );
    expect(run(process.execPath, ["loaded.mjs"])).toBe("done\n");
  });

  it("runs taxii and taxii-codegen", () => {
    const { bin } = JSON.parse(readFileSync(join(folder, "node_modules/taxii/package.json"), "utf8")) as { bin: Record<string, string> };
    const program = (name: string): string => join(folder, "node_modules/taxii", bin[name] ?? "");
    writeFileSync(
      join(folder, "m.xml"),
      '<Discovery_Request xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1"/>',
    );
    expect(run(process.execPath, [program("taxii"), "validate", "m.xml"])).toBe("m.xml: ok 1.1 Discovery_Request\n");
    run(process.execPath, [program("taxii-codegen"), join(root, "test/codegen/fixtures/acme.xsd"), "--module", "acme", "--out", "acme"]);
    expect(readFileSync(join(folder, "acme/messages.ts"), "utf8")).toContain('import * as taxii11 from "taxii/1.1";');
  });

  it("is what publint and attw expect", () => {
    expect(run(join(root, "node_modules/.bin/publint"), ["--strict", "."], join(folder, "node_modules/taxii"))).toMatch(/All good!/);
    // attw exits with 1 for a problem that the profile does not leave out.
    expect(run(join(root, "node_modules/.bin/attw"), ["--pack", ".", "--profile", "esm-only", "--no-color"], root)).toContain(
      '"taxii/1.1"',
    );
  }, 120_000);
});
