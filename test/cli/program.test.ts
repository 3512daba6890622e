/** The program, as a user runs it but in this process. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { printable } from "../../src/cli/output.js";
import { run, taxiiCommand } from "../../src/cli/program.js";
import { testEnvironment } from "./environment.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function taxii(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const environment = testEnvironment();
  const code = await run(args, environment);
  return { code, out: environment.out, err: environment.err };
}

const namespace = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";
const good = file("good.xml", `<Discovery_Request xmlns="${namespace}" message_id="1"/>`);
const wrong = file("wrong.xml", `<Poll_Request xmlns="${namespace}" message_id="1">\n  <Nonsense/>\n</Poll_Request>`);
const broken = file("broken.xml", `<Poll_Request xmlns="${namespace}"`);
const ruleBreaker = file(
  "rule.xml",
  `<Poll_Response xmlns="${namespace}" message_id="1" in_response_to="2" collection_name="c" more="true"/>`,
);

describe("taxii validate", () => {
  it("prints a line a file and exits with 1 when one is wrong", async () => {
    const { code, out, err } = await taxii("validate", good, wrong, broken);
    expect(out.split("\n")).toEqual([
      `${good}: ok 1.1 Discovery_Request`,
      `${wrong}:1:1: MISSING_ATTRIBUTE <Poll_Request> lacks the attribute collection_name; expected a URI (and 2 more; see --all)`,
      expect.stringMatching(/broken\.xml:1:\d+: TRUNCATED the document ends/),
      "",
    ]);
    expect([code, err]).toEqual([1, ""]);
  });

  it("exits with 0 when all are well", async () => expect((await taxii("validate", good, good)).code).toBe(0));

  it("gives JSON lines with the schema's verdict apart from ours", async () => {
    const { out } = await taxii("validate", "--json", ruleBreaker, join(folder, "missing.xml"));
    const [first, second] = out
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(first).toMatchObject({
      file: ruleBreaker,
      ok: false,
      wellFormed: true,
      schemaValid: true,
      version: "1.1",
      messageType: "Poll_Response",
    });
    expect(first).toHaveProperty(
      "issues",
      expect.arrayContaining([expect.objectContaining({ code: "RULE", line: 1, column: 1, rule: expect.any(String) as string })]),
    );
    expect(second).toMatchObject({ ok: false, wellFormed: false, schemaValid: false, version: null, messageType: null });
  });

  it("asks the schema alone with --schema-only", async () => expect((await taxii("validate", "--schema-only", ruleBreaker)).code).toBe(0));

  it("exits with 2 for wrong usage", async () => {
    expect((await taxii("validate")).code).toBe(2);
    expect((await taxii("validate", "--nonsense", good)).code).toBe(2);
    expect((await taxii("nonsense")).code).toBe(2);
  });
});

describe("taxii convert", () => {
  it("goes to JSON and back", async () => {
    const json = await taxii("convert", "--to", "json", good);
    expect(JSON.parse(json.out)).toEqual({ message_type: "Discovery_Request", message_id: "1", extended_headers: {} });
    const xml = await taxii("convert", "--to", "xml", file("good.json", json.out));
    expect(xml.out).toContain(`<taxii_11:Discovery_Request xmlns:taxii_11="${namespace}" message_id="1"/>`);
    expect([json.err, xml.err, json.code, xml.code]).toEqual(["", "", 0, 0]);
  });

  it("gives text", async () =>
    expect((await taxii("convert", "--to", "text", good)).out).toBe("Message Type: Discovery_Request\nMessage ID: 1\n"));

  it("keeps standard output clean when it fails", async () => {
    const { code, out, err } = await taxii("convert", "--to", "json", wrong);
    expect([code, out]).toEqual([4, ""]);
    expect(err).toMatch(/wrong\.xml: MISSING_ATTRIBUTE .*line 1/);
  });

  it("wants to know where to", async () => expect((await taxii("convert", good)).code).toBe(2));
});

const program = await taxiiCommand(testEnvironment());

describe("help and version", () => {
  const commands = program.commands.map((command) => command.name()).filter((name) => name !== "help");

  it("has all commands", () => {
    expect(commands).toEqual([
      ...["discovery", "collections", "poll", "fulfil", "push", "subscribe", "unsubscribe", "pause", "resume", "subscriptions"],
      ...["query", "proxy", "mirror", "doctor", "contract"],
      ...[
        "serve",
        "worker",
        "config",
        "migrate",
        "sync",
        "account",
        "token",
        "collection",
        "service",
        "subscription",
        "content",
        "purge",
        "reindex",
        "validate",
        "convert",
        "completion",
      ],
    ]);
  });

  it("taxii --help", async () => expect(await taxii("--help")).toMatchSnapshot());

  it.each(commands)("taxii %s --help", async (command) => {
    const { code, out, err } = await taxii(command, "--help");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatchSnapshot();
    expect(out).toMatch(/^Exit codes:\n {2}0 /m);
    expect(out).toMatch(new RegExp(`^Examples:\\n(?: {2}.*\\n)* {2}.*\\btaxii ${command}\\b`, "m"));
    for (const line of out.split("\n").filter((text) => !text.startsWith("  "))) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("prints the version", async () => expect((await taxii("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/));
});

describe("what peers send", () => {
  it("cannot act on the terminal", () => expect(printable("a\u001b[2Jb\u202ec")).toBe("a\\u001b[2Jb\\u202ec"));
});
