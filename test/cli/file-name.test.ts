import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeFileName } from "../../src/cli/file-name.js";

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: fc.constantFrom("/", "\\", ".", "..", ":", "\0", "a", " ", "CON", "\u202e", "é", "\ud800"), maxLength: 300 }),
);

describe("safeFileName", () => {
  it("gives one portable segment for any text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const name = safeFileName(text);
        expect(name).toMatch(/^[\p{L}\p{M}\p{Nd}\-_.,+=@]+$/u);
        expect(name).not.toMatch(/^\.|\.$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
        expect(name.normalize("NFC")).toBe(name);
        expect(name.isWellFormed()).toBe(true);
      }),
    );
  });

  it("leaves safe names as they are", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(safeFileName(safeFileName(text))).toBe(safeFileName(text));
      }),
    );
    for (const name of ["feed_20141219T120000Z_0a1b.xml", "été.txt", "a-b,c+d=e@f"]) expect(safeFileName(name)).toBe(name);
  });

  it.each([
    ["", "_"],
    ["..", "_"],
    ["../../etc/passwd", "__.._etc_passwd"],
    ["C:\\Windows\\system32", "C_Windows_system32"],
    [".bashrc", "_bashrc"],
    ["con", "_con"],
    ["NUL.xml", "_NUL.xml"],
    ["console.xml", "console.xml"],
    ["a\0b\nc", "a_b_c"],
    ["report.", "report_"],
    ["\u202egnp.exe", "_gnp.exe"],
  ])("turns %j into %j", (text, name) => expect(safeFileName(text)).toBe(name));

  it("shortens long names, keeps the extension, and tells different ones apart", () => {
    const [one, other] = [safeFileName(`${"x".repeat(300)}1.xml`), safeFileName(`${"x".repeat(300)}2.xml`)];
    expect(one).toMatch(/^x+-[0-9a-f]{16}\.xml$/);
    expect(one).not.toBe(other);
    expect(safeFileName("é".repeat(300))).toMatch(/^é+-[0-9a-f]{16}$/);
  });
});
