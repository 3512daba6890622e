/** The code of docs/client.md runs, block after block, and prints what it should. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("docs/client.md runs", async () => {
  const page = readFileSync(join(root, "docs/client.md"), "utf8");
  const code = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  expect(code.length).toBeGreaterThan(7);
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "taxii-docs-"));
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    writeFileSync(join(folder, "client.ts"), code.join("\n"));
    await import(join(folder, "client.ts"));
    expect(warn.mock.calls).toEqual([]);
    expect(log.mock.calls).toEqual([
      ["DISCOVERY", "https://taxii.example.com/discovery"],
      ["COLLECTION_MANAGEMENT", "https://taxii.example.com/collections"],
      ["INBOX", "https://taxii.example.com/inbox"],
      ["POLL", "https://taxii.example.com/poll"],
      ["indicators", "DATA_FEED"],
      [1, "indicators"],
      ["urn:stix.mitre.org:xml:1.2", true],
      [true],
      ["new:", { xml: expect.stringContaining("STIX_Package") }],
      ["1.2", "escaped-xml"],
      ["<a/>"],
      ["https://taxii.example.com/discovery"],
      ["taxii11.PollResponse", false],
    ]);
  } finally {
    log.mockRestore();
    warn.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
});
