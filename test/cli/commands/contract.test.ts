/** `taxii contract`: reports, exit codes, and who is told what. */

import { XmlDocument } from "libxml2-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fault, having, of, status, swap, withFault } from "../../contract/fault.js";
import { createKit, type Kit, url } from "../../contract/server.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { jsonLines, type Run, taxii } from "../run.js";

let kit: Kit;
beforeAll(async () => {
  kit = await createKit();
});
afterAll(() => kit.stop());

const env = { TAXII_USERNAME: "alice", TAXII_PASSWORD: "secret" };

/** Runs the command; `http://taxii.test` is no machine of ours, so that credentials need leave to go there. */
function contract(args: readonly string[], fault?: Fault, options: TestEnvironmentOptions = {}): Promise<Run> {
  const fetch = fault === undefined ? kit.fetch : withFault(kit.fetch, fault);
  return taxii(["contract", url, "--cleartext-auth", ...args], { fetch, env, ...options });
}

const polls = ["--select", "SVC-POLL-001,SVC-POLL-002"];
const wrongDecision = status("FAILURE", having("2020-01-02"));

describe("taxii contract", () => {
  it("reports under headings, with counts at the end", async () => {
    expect(await contract([...polls, "--taxii-version", "1.1"])).toMatchObject({
      code: 0,
      err: "",
      out: [
        "Polls",
        "  holds           SVC-POLL-001              1.1  A poll is answered with a Poll_Response for the collection.",
        "  holds           SVC-POLL-002              1.1  Polls are never answered with SUCCESS.",
        "",
        "2 checks: 2 hold, 0 broken, 0 not applicable, 0 not reachable",
        "",
      ].join("\n"),
    });
  });

  it("fails for a broken MUST, and says why in characters that are safe", async () => {
    const { code, out } = await contract(polls, swap('_name="feed"', '_name="&#x9b;another"', of("Poll_Request")));
    expect(code).toBe(1);
    expect(out).toContain('[MUST]\n                  the response is about "\\u009banother"');
    expect(out).toContain("(2 MUST)");
  });

  it("does not fail for a broken recommendation unless it is told to", async () => {
    const args = ["--select", "XML-PRQ-003"];
    expect(await contract(args, wrongDecision)).toMatchObject({ code: 0, out: expect.stringContaining("2 broken (2 DECIDE)") });
    expect(await contract([...args, "--fail-on", "should"], wrongDecision)).toMatchObject({ code: 0 });
    expect(await contract([...args, "--fail-on", "any"], wrongDecision)).toMatchObject({ code: 1 });
    const silent = swap(/<Message>.*<\/Message>/, "", having("<Unknown/>"));
    expect(await contract(["--select", "SVC-STAT-002"], silent)).toMatchObject({ code: 0 });
    expect(await contract(["--select", "SVC-STAT-002", "--strict"], silent)).toMatchObject({ code: 1 });
  });

  it("writes a line of JSON for each result", async () => {
    const { out } = await contract([...polls, "--format", "json"]);
    expect(jsonLines(out)).toHaveLength(4);
    expect(jsonLines(out)[0]).toEqual({
      id: "SVC-POLL-001",
      clause: "SVC-POLL-001",
      also: [],
      level: "MUST",
      group: "poll",
      title: "A poll is answered with a Poll_Response for the collection.",
      version: "1.1",
      outcome: "holds",
      detail: "",
    });
  });

  it("writes XML of JUnit, whatever a peer says", async () => {
    const nasty = swap('_name="feed"', '_name="&quot;/>&lt;x>]]>&amp;"', of("Poll_Request"));
    const { code, out } = await contract(["--select", "SVC-POLL-001,SVC-RANGE-005,SVC-INBOX-001,XML-PRQ-003", "--format", "junit"], nasty);
    expect(code).toBe(1);
    const document = XmlDocument.fromString(out);
    expect(document.get("/testsuites/@failures")?.content).toBe("2");
    expect(document.get("/testsuites/testsuite[@name='poll']/testcase/failure/@message")?.content).toContain('"/><x>]]>&');
    expect(document.get("/testsuites/testsuite[@name='inbox']/testcase/skipped/@message")?.content).toBe(
      "no collection to write to was named",
    );
    expect(document.get("/testsuites/@tests")?.content).toBe(String(document.find("//testcase").length));
    document.dispose();
  });

  it("writes to the collection it is told", async () => {
    const { code, out } = await contract(["--write", "long", "--select", "SVC-INBOX-0*"]);
    expect([code, out.includes("0 broken")]).toEqual([0, true]);
  });

  it("ends with 3 when nobody answers", async () => {
    const { code, out } = await contract(polls, undefined, { fetch: () => Promise.reject(new Error("no route")) });
    expect(code).toBe(3);
    expect(out).toContain("there is no answer: no route");
    expect(out).toContain("4 not reachable");
  });

  it("sends no credentials in clear text, and prints none", async () => {
    expect(await taxii(["contract", url], { fetch: kit.fetch, env })).toMatchObject({
      code: 2,
      err: expect.stringContaining("clear text"),
    });
    const telling = swap('_name="feed"', '_name="secret"', of("Poll_Request"));
    const { out } = await contract([...polls, "--format", "json"], telling, { env: { ...env, TAXII_PASSWORD: "secret" } });
    expect(out).not.toContain("secret");
    expect(out).toContain("…");
  });

  it.each([
    [["--select", "SVC-NONE"], 'there is no check for "SVC-NONE"'],
    [["--format", "html"], "Allowed choices are text, json, junit"],
    [["--fail-on", "never"], "Allowed choices are must, should, any"],
  ])("refuses %j", async (args, text) => {
    expect(await contract(args)).toMatchObject({ code: 2, err: expect.stringContaining(text) });
  });
});
