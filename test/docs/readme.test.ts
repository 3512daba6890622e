/** Every block of TypeScript in the README runs, and prints nothing unexpected; every command it shows exists. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run as program } from "../../src/cli/program.js";
import { versionIds } from "../../src/constants.js";
import { testEnvironment } from "../cli/environment.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "taxii-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blocks = (file: string, language: string): string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    (match) => match[1] ?? "",
  );

async function run(code: string, name: string): Promise<unknown[][]> {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, code);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await import(file);
    return [...log.mock.calls];
  } finally {
    log.mockRestore();
  }
}

describe("README.md", () => {
  const code = blocks("README.md", "ts");

  it("has its blocks", () => expect(code.length).toBe(3));

  it("builds, reads and calls in twenty lines", async () => {
    const [first = ""] = code;
    expect(
      first.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//") && !line.startsWith("import")).length,
    ).toBeLessThanOrEqual(20);
    const printed = await run(first, "first");
    expect(printed[0]?.[0]).toBe("indicators");
    expect(JSON.parse(String(printed[0]?.[1]))).toMatchObject({ message_type: "Poll_Request", collection_name: "indicators" });
    expect(printed.slice(1)).toEqual([[expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), { xml: "<stix/>" }]]);
  });

  it("reads a stream", async () => {
    expect(await run(code[1] ?? "", "second")).toEqual([["1"], [{ bindingId: "urn:example:text" }, { text: "a & b" }]]);
  });

  it("polls with state", async () => {
    // The block goes on with the server of the first one.
    const printed = await run(`${code[0]}\n${code[2]}`, "third");
    expect(printed.at(-1)).toEqual(["urn:stix.mitre.org:xml:1.1.1"]);
    expect(printed).toHaveLength(3);
  });

  it("shows what the program prints", async () => {
    const [console = ""] = blocks("README.md", "console");
    const sessions = console.split(/^\$ /m).filter((session) => session !== "");
    for (const session of sessions) {
      const [command = "", ...expected] = session.trimEnd().split("\n");
      const at = process.cwd();
      process.chdir(root);
      const environment = testEnvironment();
      await program(command.split(" ").slice(1), environment);
      process.chdir(at);
      const lines = `${environment.out}${environment.err}`.trimEnd().split("\n");
      if (expected.at(-1) === "…") expect(lines.slice(0, expected.length - 1)).toEqual(expected.slice(0, -1));
      else expect(lines).toEqual(expected);
    }
    expect(sessions.length).toBe(2);
  });

  it("shows commands that exist", () => {
    const { scripts, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
      bin: Record<string, string>;
    };
    const commands = blocks("README.md", "sh")
      .flatMap((block) => block.split("\n"))
      .filter((line) => line !== "");
    for (const line of commands) {
      const [program = "", verb = "", name = ""] = line.split(/\s+/);
      if (program === "npm" && verb === "run") expect(Object.keys(scripts)).toContain(name);
      else if (program !== "npm") expect(Object.keys(bin)).toContain(program);
    }
    expect(commands.length).toBeGreaterThan(3);
  });

  it("claims conformance with triples of services, message binding and protocol binding that go together [VER-CONF-001]", () => {
    const text = readFileSync(join(root, "README.md"), "utf8");
    const claim = /Conformance is claimed for services[\s\S]*?\n\[/.exec(text)?.[0] ?? "";
    const ids = [...claim.matchAll(/`(urn:[^`]+)`/g)].map((match) => match[1]);
    const { services10, xml10, services11, xml11, http10, https10 } = versionIds;
    expect(ids).toEqual([services10, xml10, services11, xml11, http10, https10]);
  });

  it("links to files that exist", () => {
    const links = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? "");
    for (const link of links.filter((target) => !target.startsWith("http"))) expect(() => readFileSync(join(root, link))).not.toThrow();
    expect(links.length).toBeGreaterThan(4);
  });
});
