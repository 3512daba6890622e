/** The code of docs/extending.md runs, block after block, and prints what it should. */

import { expect, test } from "vitest";
import { runPage } from "./page.js";

test("docs/extending.md runs", async () => {
  const { blocks, log, warn } = await runPage("docs/extending.md");
  expect(blocks).toBe(5);
  expect(warn).toEqual([]);
  const ip = { text: "203.0.113.9" };
  expect(log).toEqual([
    [{ xml: '<Marking color="GREEN">for all</Marking>' }],
    ["1.1", ip],
    ["1.0", ip],
    [1],
    [1],
    ["https://isac.example.com/status/over-quota", ["2"]],
    ["somebody stored 1 in indicators"],
    ["Inbox_Message in TAXII 1.1: SUCCESS, HTTP 200"],
    ["Error: the log is full"],
  ]);
});
