/** The code of docs/client.md runs, block after block, and prints what it should. */

import { expect, test } from "vitest";
import { runPage } from "./page.js";

test("docs/client.md runs", async () => {
  const { blocks, log, warn } = await runPage("docs/client.md");
  expect(blocks).toBeGreaterThan(7);
  expect(warn).toEqual([]);
  expect(log).toEqual([
    ["DISCOVERY", "https://taxii.example.com/discovery"],
    ["COLLECTION_MANAGEMENT", "https://taxii.example.com/collections"],
    ["INBOX", "https://taxii.example.com/inbox"],
    ["POLL", "https://taxii.example.com/poll"],
    ["indicators", "DATA_FEED"],
    [1, "indicators"],
    ["urn:stix.mitre.org:xml:1.2", true],
    [true],
    ["new:", { xml: expect.stringContaining("STIX_Package") }],
    ["found:", { xml: expect.stringContaining("example:package-1") }],
    [{ value: 1, partialCount: false }],
    ["1.2", "escaped-xml"],
    ["<a/>"],
    ["https://taxii.example.com/discovery"],
    ["taxii11.PollResponse", false],
  ]);
});
