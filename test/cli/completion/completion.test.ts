import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fishCompletion } from "../../../src/cli/completion/fish.js";
import type { CompletedCommand } from "../../../src/cli/completion/tree.js";
import { zshCompletion } from "../../../src/cli/completion/zsh.js";
import { taxii } from "../run.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-completion-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let script: string;
beforeAll(async () => {
  mkdirSync(join(folder, "poll"));
  writeFileSync(join(folder, "report one.xml"), "");
  const { code, out } = await taxii(["completion", "bash"]);
  expect(code).toBe(0);
  script = join(folder, "taxii.bash");
  writeFileSync(script, out);
});

/** What bash offers behind `words`; the last one is being typed. */
function complete(...words: string[]): string[] {
  const program = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _taxii; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", program, script, "taxii", ...words], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

describe("taxii completion bash", () => {
  it("completes commands", () => {
    expect(complete("")).toEqual(expect.arrayContaining(["discovery", "collections", "poll", "fulfil", "push", "validate", "serve"]));
    expect(complete("poll")).toEqual(["poll"]);
    expect(complete("sub")).toEqual(["subscribe", "subscriptions", "subscription"]);
  });

  it("completes options of the command", () => {
    expect(complete("poll", "--dest")).toEqual(["--dest-dir"]);
    expect(complete("discovery", "--dest")).toEqual([]);
    expect(complete("--vers")).toEqual(["--version"]);
    expect(complete("poll", "https://x/", "--collection", "push", "--b")).toEqual(["--before", "--binding"]);
  });

  it("completes values: words, files, folders, and nothing where it cannot know", () => {
    expect(complete("poll", "--min-tls", "1.")).toEqual(["1.0", "1.1", "1.2", "1.3"]);
    expect(complete("convert", "--to", "=", "j")).toEqual(["json"]);
    expect(complete("convert", "--to", "=")).toEqual(["xml", "json", "text"]);
    expect(complete("poll", "--state", "rep")).toEqual(["report one.xml"]);
    expect(complete("poll", "-d", "")).toEqual(["poll"]);
    expect(complete("poll", "--collection", "")).toEqual([]);
    expect(complete("push", "rep")).toEqual(["report one.xml"]);
    expect(complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  it("is what bash can read", () => expect(spawnSync("bash", ["-n", script]).status).toBe(0));
});

/** Texts with everything that could end a quotation or begin a substitution. */
const awkward = "it's $(touch x) `touch x` \"[a]:\\ ;&";
const tree: CompletedCommand[] = [
  { name: "", description: "", options: [{ long: "--help", short: "-h", description: awkward, values: undefined }], values: undefined },
  {
    name: "do",
    description: awkward,
    options: [
      { long: "--word", short: "-w", description: "a word", values: { kind: "words", words: ["one", "two"] } },
      { long: "--dir", short: undefined, description: "a folder", values: { kind: "folders" } },
      { long: "--text", short: undefined, description: "a text", values: { kind: "free" } },
    ],
    values: { kind: "files" },
  },
];

describe("the other shells", () => {
  it("get scripts of their own", () => {
    expect(zshCompletion("prog", tree)).toMatchSnapshot("zsh");
    expect(fishCompletion("prog", tree)).toMatchSnapshot("fish");
  });

  it("get every command and every option", async () => {
    for (const shell of ["zsh", "fish"]) {
      const { code, out } = await taxii(["completion", shell]);
      expect(code).toBe(0);
      for (const word of ["discovery", "unsubscribe", "convert", "dest-dir", "schema-only"]) expect(out).toContain(word);
    }
    expect((await taxii(["completion", "tcsh"])).code).toBe(2);
  });
});
