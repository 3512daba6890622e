/** The table of checks against the conformance table: nothing is left out without a reason. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../../src/contract/checks/index.js";

interface Row {
  readonly id: string;
  readonly level: string;
  readonly binds: string;
  readonly taxii: string;
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const rows = read("../conformance/requirements.json") as readonly Row[];
const notVisible = read("not-visible.json") as Readonly<Record<string, string>>;
const byId = new Map(rows.map((row) => [row.id, row]));
const checked = new Set(checks.flatMap(({ check }) => [check.clause, ...(check.also ?? [])]));
const servers = rows.filter(({ binds }) => binds.includes("server")).map(({ id }) => id);

describe("the table of checks", () => {
  it("has every row that binds a server, or a reason why not", () => {
    expect(servers.filter((id) => !checked.has(id) && notVisible[id] === undefined)).toEqual([]);
    expect(servers.length).toBeGreaterThan(300);
  });

  it("has reasons for rows that are not checked only", () => {
    expect(Object.keys(notVisible).filter((id) => checked.has(id) || !servers.includes(id))).toEqual([]);
    expect(Object.values(notVisible).every((reason) => /^[A-Zf`].+\.$/.test(reason))).toBe(true);
  });

  it("names rows that exist, with their level, in their versions", () => {
    expect([...checked].filter((id) => !byId.has(id))).toEqual([]);
    for (const { check } of checks) {
      const { level, taxii } = byId.get(check.clause) ?? {};
      const versions = check.versions ?? ["1.0", "1.1"];
      expect([check.id, check.level, taxii === "both" || versions.join() === taxii]).toEqual([check.id, level, true]);
    }
  });

  it("says of each check what holds, in a sentence", () => {
    for (const { check } of checks) expect([check.id, /^[A-Z].+\.$/.test(check.title)]).toEqual([check.id, true]);
  });
});
