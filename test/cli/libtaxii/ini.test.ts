/** Settings files, as Python's ConfigParser reads them. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/cli/failure.js";
import { readIniSection } from "../../../src/cli/libtaxii/ini.js";

const read = (text: string): Record<string, string> =>
  Object.fromEntries(readIniSection(text, "libtaxii", "my.ini").map(({ name, value }) => [name, value]));

describe("readIniSection", () => {
  it.each([
    ["an equals sign", "[libtaxii]\nurl = http://a/", { url: "http://a/" }],
    ["a colon", "[libtaxii]\nurl: http://a/", { url: "http://a/" }],
    ["whichever comes first", "[libtaxii]\na=b:c\nd:e=f", { a: "b:c", d: "e=f" }],
    ["no spaces, and many", "[libtaxii]\na=b\n c   =   d  ", { a: "b\nc   =   d" }],
    ["names in any case", "[libtaxii]\nXML-Output = yes", { "xml-output": "yes" }],
    ["names with spaces", "[libtaxii]\ntwo words = x", { "two words": "x" }],
    ["empty values", "[libtaxii]\nxml-output =\ncert:", { "xml-output": "", cert: "" }],
    ["comments on lines of their own", "# a\n; b\n[libtaxii]\n# c\na = 1\n  ; d\nb = 2", { a: "1", b: "2" }],
    ["no comments behind values", "[libtaxii]\npass = a;b # c", { pass: "a;b # c" }],
    ["values that go on", "[libtaxii]\na = 1\n  2\n\t3\nb = 4", { a: "1\n2\n3", b: "4" }],
    ["values that begin behind their name", "[libtaxii]\na =\n  1\n", { a: "\n1" }],
    ["comments within values", "[libtaxii]\na = 1\n# c\n  2", { a: "1\n2" }],
    ["empty lines within values, and not at their ends", "[libtaxii]\na = 1\n\n  2\n\nb = 3\n\n", { a: "1\n\n2", b: "3" }],
    ["options that are indented together", "[libtaxii]\n  a = 1\n  b = 2", { a: "1", b: "2" }],
    ["other sections", "[other]\na = 1\n[libtaxii]\nb = 2\n[third]\nb = 3", { b: "2" }],
    [
      "defaults for all sections, wherever they stand",
      "[DEFAULT]\na = 1\nb = 2\n[libtaxii]\nb = 3\n[DEFAULT]\nc = 4",
      {
        a: "1",
        b: "3",
        c: "4",
      },
    ],
    ["line ends of other systems, and a byte order mark", "\ufeff[libtaxii]\r\na = 1\r\nb = 2\r", { a: "1", b: "2" }],
    ["percent signs, doubled", "[libtaxii]\na = 100%%\nb = %%(a)s", { a: "100%", b: "%(a)s" }],
    [
      "values of other options",
      "[DEFAULT]\nhost = h\n[libtaxii]\nurl = http://%(HOST)s/%(path)s\npath = p%%",
      { host: "h", url: "http://h/p%", path: "p%" },
    ],
    ["what stands behind a section's name", "[libtaxii] here\na = 1", { a: "1" }],
  ])("takes %s", (_, text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    ["[other]\na = 1\n[third]", "my.ini: expected a section [libtaxii], found [other], [third]"],
    ["", "my.ini: expected a section [libtaxii], found none"],
    ["[DEFAULT]\na = 1", "my.ini: expected a section [libtaxii], found none"],
    ["\na = 1\n[libtaxii]", "my.ini:2: expected a section such as [libtaxii] before the first option"],
    ["[libtaxii]\nsecret", "my.ini:2: expected NAME = VALUE or [SECTION]"],
    ["[libtaxii]\n= secret", "my.ini:2: expected NAME = VALUE or [SECTION]"],
    ["[libtaxii]\n[]", "my.ini:2: expected NAME = VALUE or [SECTION]"],
    ["[libtaxii]\npass = secret\n\nPASS = secret", "my.ini:4: there is an option pass already, in line 2"],
    ["[libtaxii]\n[a]\n[libtaxii]", "my.ini:3: there is a section [libtaxii] already"],
    ["[libtaxii]\n\npass = 10% secret", "my.ini:3: pass: a percent sign is written %%, and another option %(name)s"],
    ["[libtaxii]\npass = secret%", "my.ini:2: pass: a percent sign is written %%, and another option %(name)s"],
    ["[libtaxii]\npass = %(secret", "my.ini:2: pass: a percent sign is written %%, and another option %(name)s"],
    ["[libtaxii]\npass = %(secret )s", "my.ini:2: pass: the section has no option of the name in %(…)s"],
    ["[libtaxii]\na = %(a)s", "my.ini:2: a is within other values more than 10 deep, or within itself"],
    ["[libtaxii]\na = %(b)s\nb = %(c)s\nc = %(b)s", "my.ini:3: b is within other values more than 10 deep, or within itself"],
  ])("refuses %j with the line, and without the value", (text, message) => {
    let error: unknown;
    try {
      read(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toBe(`UsageError: ${message}`);
    expect(message).not.toContain("secret ");
  });

  it("knows the lines", () =>
    expect(readIniSection("[libtaxii]\na = 1\n  2\n\nb = 3", "libtaxii", "f").map(({ name, line }) => [name, line])).toEqual([
      ["a", 2],
      ["b", 5],
    ]));

  it("gives back every value that was written", () => {
    const value = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, "").trim());
    const options = fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), value);
    fc.assert(
      fc.property(options, (expected) => {
        const lines = Object.entries(expected).map(([name, text]) => `${name} = ${text.replaceAll("%", "%%")}`);
        expect(read(["[libtaxii]", ...lines].join("\n"))).toEqual({ ...expected });
      }),
    );
  });

  it("never ends with anything but values or a UsageError", () => {
    const line = fc.oneof(fc.string(), fc.constantFrom("[libtaxii]", "[DEFAULT]", "a = 1", " b", "a = %(b)s", "b: %(a)s%%", "# c", ""));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          read(["[libtaxii]", ...lines].join("\n"));
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
