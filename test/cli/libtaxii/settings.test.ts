/** `--from-file`: options from a file, in their place on the command line. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { peer, type Run, run, url } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(text: string | Uint8Array): string {
  const path = join(folder, `settings-${files++}.ini`);
  writeFileSync(path, text);
  return path;
}

const collectionOf = ({ out }: Run): string | undefined => /Collection Name: (.*)/.exec(out)?.[1];
const poll = (...args: string[]): Promise<Run> => run("poll_client", ["--write", "none", ...args], { fetch: peer().fetch });

describe("--from-file", () => {
  it("gives options by their long names", async () => {
    const { out, code } = await poll(
      "--from-file",
      file(`[libtaxii]\nurl = ${url}\ncollection: from-file\nend-timestamp = 2014-12-19T00:00:00Z`),
    );
    expect(out).toContain("  Collection Name: from-file\n");
    expect(out).toContain("  Incl. End TS Label: 2014-12-19 00:00:00+00:00\n");
    expect(code).toBe(0);
  });

  it("overrides what stands before it, and is overridden by what stands behind it", async () => {
    const settings = file(`[libtaxii]\nurl = ${url}\ncollection = from-file`);
    expect(collectionOf(await poll("--collection", "before", "--from-file", settings))).toBe("from-file");
    expect(collectionOf(await poll(`--from-file=${settings}`, "--collection", "behind"))).toBe("behind");
    const other = file("[libtaxii]\ncollection = other");
    expect(collectionOf(await poll("--from-file", settings, "--from", other))).toBe("other");
  });

  it("switches flags without a value on by their presence", async () => {
    for (const value of ["", " yes", " False"]) {
      const { out } = await poll("--from-file", file(`[libtaxii]\nurl = ${url}\nxml-output =${value}`));
      expect(out).toContain("<taxii_11:Poll_Request ");
    }
  });

  it("passes over options the script does not have", async () => {
    const settings = file(`[libtaxii]\nurl = ${url}\ndcn = x\nnonsense = y\nhelp = z\n[other]\ncollection = no`);
    const found = await poll("--from-file", settings);
    expect([found.code, collectionOf(found), found.err]).toEqual([0, "default", ""]);
  });

  it("takes values apart as they stand", async () => {
    const sent = peer();
    const settings = file("[libtaxii]\nurl = https://taxii.test/a%%20b?key=x=y\nusername = -u\npass = --pass=%% \u{1f511}");
    await run("poll_client", ["--from-file", settings, "--write=none"], { fetch: sent.fetch });
    const [request] = sent.requests;
    expect(request?.url).toBe("https://taxii.test/a%20b?key=x=y");
    const [, credentials = ""] = request?.headers.get("authorization")?.split(" ") ?? [];
    expect(Buffer.from(credentials, "base64").toString()).toBe("-u:--pass=% \u{1f511}");
  });

  it("reads standard input as -", async () => {
    const { out } = await run("poll_client", ["--from-file", "-", "--write", "none"], {
      fetch: peer().fetch,
      input: `[libtaxii]\nurl=${url}`,
    });
    expect(out).toContain("Poll_Response");
  });

  it.each([
    ["[libtaxii]\nurl", /settings-\d+\.ini:2: expected NAME = VALUE/],
    ["[libtaxii]\n\nwrite = often", /settings-\d+\.ini:3: write: Allowed choices are clobber, skip, prompt, none/],
    ["[libtaxii]\nport = 0", /settings-\d+\.ini:2: port: Expected a whole number of at least 1/],
    ["[libtaxii]\nfrom-file = other.ini", /settings-\d+\.ini:2: a file cannot name another one/],
    ["[somewhere]\nurl = x", /settings-\d+\.ini: expected a section \[libtaxii\], found \[somewhere\]/],
    [Uint8Array.of(0xff, 0xfe, 0x00), /settings-\d+\.ini: expected text in UTF-8/],
  ])("says what is wrong with %j, and exits with 2", async (text, message) => {
    const { code, err, out } = await poll("--from-file", file(text));
    expect(err).toMatch(message);
    expect(err).toMatch(/^poll_client: /);
    expect([code, out]).toEqual([2, ""]);
  });

  it("says which file is not there", async () => {
    const { code, err } = await poll("--from-file", join(folder, "missing.ini"));
    expect(err).toMatch(/^poll_client: --from-file cannot be read: .*missing\.ini: there is no such file/);
    expect(code).toBe(2);
  });
});
