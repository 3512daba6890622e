/** `--header Name:value`. */

import { describe, expect, it } from "vitest";
import { headersOf } from "../../../src/cli/cabby/headers.js";
import { withoutSecrets } from "../../../src/cli/secrets.js";
import { testEnvironment } from "../environment.js";

const headers = (...lines: string[]): Readonly<Record<string, string>> => headersOf("--header", lines, testEnvironment());

describe("--header", () => {
  it.each([
    [["X-Key:abc"], { "X-Key": "abc" }],
    [["X-Key: abc "], { "X-Key": "abc" }],
    [['X-Key:"abc"'], { "X-Key": "abc" }],
    [["X-Key: 'abc'"], { "X-Key": "abc" }],
    [["X-Time:12:30"], { "X-Time": "12:30" }],
    [["X-Empty:"], { "X-Empty": "" }],
    [["X-Key:1", "Other:2", "x-key:3"], { "x-key": "3", Other: "2" }],
    [["__proto__:x"], JSON.parse('{"__proto__":"x"}') as object],
    [[], {}],
  ])("reads %j", (lines, expected) => expect(headers(...lines)).toEqual(expected));

  it.each([
    [["hush"], "--header has no colon; expected NAME:VALUE"],
    [["A:1", "hush"], "number 2 of --header has no colon"],
    [[": hush"], "the name in --header is no name of a header field"],
    [["A B: hush"], "the name in --header is no name of a header field"],
    [["A: hush\r\nB: 1"], "the value of A in --header has characters"],
    [["A: hush\0"], "the value of A in --header has characters"],
    [["A: hush €"], "the value of A in --header has characters"],
  ])("refuses %j without repeating the value", (lines, message) => {
    expect(() => headers(...lines)).toThrow(message);
    expect(() => headers(...lines)).toThrow(/^(?!.*hush)/);
  });

  it("keeps credentials out of what is printed", () => {
    const environment = testEnvironment();
    headersOf("--header", ["Authorization: Bearer hush-hush", "X-Api-Key: 12345", "X-Tenant: seven"], environment);
    expect(withoutSecrets(environment, "Bearer hush-hush; hush-hush; 12345; seven")).toBe("…; …; …; seven");
  });
});
