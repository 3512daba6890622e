/** The generator of the names of STIX: what it prints, what it refuses, and that it prints what is committed. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import { generateStixNames, NameTableError } from "../../codegen/stix-names.js";
import * as committed from "../../generated/stix/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = "schemas/stix-names.txt";
const table = readFileSync(join(root, file), "utf8");

const head = "versions: 1 2 3\nroot: R\n";
const print = (body: string): string => generateStixNames({ file: "t.txt", text: head + body }, "make").text;

describe("what is printed", () => {
  it("names by the versions they exist in, sorted, each kind by itself", () => {
    const text = print("[a]\nR Late+ @id\n2- New @new\n-1 Old\n2 Middle\n1-2 Two\n");
    expect(text).toContain("from t.txt. Do not edit; run `make`");
    expect(text).toContain('export const versions = ["1", "2", "3"] as const;');
    expect(text).toContain('export const root = "R";');
    expect(text.replaceAll("\n", " ")).toContain(
      "elements: readonly NameGroup[] = [   [0, 2, ` Late R `],   [0, 1, ` Two `],   [0, 0, ` Old `],   [1, 2, ` New `],   [1, 1, ` Middle `], ];",
    );
    expect(text.replaceAll("\n", " ")).toContain("attributes: readonly NameGroup[] = [   [0, 2, ` id `],   [1, 2, ` new `], ];");
    expect(text.replaceAll("\n", " ")).toContain("open: readonly NameGroup[] = [   [0, 2, ` Late `], ];");
  });

  it("a name of several sections once, with the versions of all of them", () => {
    const text = print("[a]\nR\n-1 Both\n[b]\n3- Both\n[c]\n1 Whole\n[d]\n2- Whole\n");
    expect(text).toContain("[0, 2, `\nR Whole\n`]");
    expect(text).toContain("[0, 0, `\nBoth\n`]");
    expect(text).toContain("[2, 2, `\nBoth\n`]");
  });

  it("the same as is committed, and not more than 80 kilobytes of it", () => {
    const { path, text } = generateStixNames({ file, text: table }, "npm run generate");
    expect(readFileSync(join(root, "generated", path), "utf8")).toBe(text);
    expect(text.length).toBeLessThan(80_000);
  });
});

describe("the committed names", () => {
  const listed = (groups: readonly committed.NameGroup[]): string[] => groups.flatMap(([, , names]) => names.trim().split(/\s+/));
  it("are all those of the table", () => {
    const lines = table.split("\n").filter((line) => line !== "" && !/^(?:#|\[|versions:|root:)/.test(line));
    const named = lines.flatMap((line) => line.split(/\s+/)).filter((token) => !/^[\d.-]+$/.test(token));
    const bare = (token: string): string => token.replace(/^@|\+$/g, "");
    const of = (isAttribute: boolean): Set<string> => new Set(named.filter((token) => token.startsWith("@") === isAttribute).map(bare));
    expect(new Set(listed(committed.elements))).toEqual(of(false));
    expect(new Set(listed(committed.attributes))).toEqual(of(true));
    expect(new Set(listed(committed.open))).toEqual(new Set(named.filter((token) => token.endsWith("+")).map(bare)));
    expect(listed(committed.elements).length).toBeGreaterThan(1500);
  });
  it("have nothing open that is no element", () => {
    const elements = new Set(listed(committed.elements));
    expect(listed(committed.open).filter((name) => !elements.has(name))).toEqual([]);
  });
});

describe("what is refused, by file and line", () => {
  test.each([
    ["R", /t\.txt:3: expected a section in brackets before the first name/],
    ["[a]\nR\n4- New", /t\.txt:5: expected versions of 1, 2, 3, found 4-/],
    ["[a]\nR\n2-1 New", /t\.txt:5: expected versions of 1, 2, 3, found 2-1/],
    ["[a]\nR\n1-2-3 New", /t\.txt:5: expected Name, Name\+ or @name, found 1-2-3/],
    ["[a]\nR\n2-", /t\.txt:5: expected names behind the versions/],
    ["[a]\nR a:b", /t\.txt:4: expected Name, Name\+ or @name, found a:b/],
    ["[a]\nR @id+", /t\.txt:4: expected Name, Name\+ or @name, found @id\+/],
    ["[a]\nR R", /t\.txt:4: R is in this section already/],
    ["[a]\nR\n2- New\n3 New", /t\.txt:6: New is in this section already/],
    ["[a]\nQ", /t\.txt: the root "R" is no element of the table/],
  ])("%j", (body, message) => {
    expect(() => print(body)).toThrow(NameTableError);
    expect(() => print(body)).toThrow(message);
  });
});
