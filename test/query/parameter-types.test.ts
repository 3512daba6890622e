import { describe, expect, expectTypeOf, it } from "vitest";
import { type ParameterType, type ParameterValues, parameter } from "../../src/query/index.js";

describe("types of parameters", () => {
  const { text, number, boolean, oneOf, instant, parsed, optional } = parameter;
  const bits = parsed(
    (value) => {
      if (!/^[01]+$/.test(value)) throw new TypeError("expected zeros and ones");
      return BigInt(`0b${value}`);
    },
    (value) => value.toString(2),
  );

  it.each<[string, ParameterType<unknown>, string, unknown, string]>([
    ["text, literally", text(), " true ", " true ", " true "],
    ["a number", number(), " 1.5e3 ", 1500, "1500"],
    ["a boolean", boolean(), " false", false, "false"],
    ["a word", oneOf("near", "far"), "far ", "far", "far"],
    ["an instant", instant(), " 2014-05-08T09:00:00.000001Z", "2014-05-08T09:00:00.000001Z", "2014-05-08T09:00:00.000001Z"],
    ["a type of its own", bits, "101", 5n, "101"],
    ["one that may be left out", optional(bits), "11", 3n, "11"],
  ])("%s", (_name, type, written, value, again) => {
    expect(type.problem(written)).toBeUndefined();
    expect(type.read(written)).toEqual(value);
    expect(type.write(value)).toBe(again);
    expect(type.problem(again)).toBeUndefined();
  });

  it.each<[string, ParameterType<unknown>, string, string]>([
    ["a number", number(), "0x10", "expected a number"],
    ["a number", number(), String(Number.POSITIVE_INFINITY), "expected a number"],
    ["a boolean", boolean(), "yes", "expected true or false"],
    ["a word", oneOf("near", "far"), "Near", "expected one of near, far"],
    ["an instant", instant(), "2014-05-08", "expected a date-time of RFC 3339"],
    ["a type of its own", optional(bits), "12", "expected zeros and ones"],
  ])("%s is not %j", (_name, type, written, problem) => expect(type.problem(written)).toBe(problem));

  it("are known to the compiler, and so is which may be left out", () => {
    expect([text().required, optional(text()).required]).toEqual([true, false]);
    const types = { value: text(), size: optional(number()), way: oneOf("near", "far") };
    expectTypeOf<ParameterValues<typeof types>>().toEqualTypeOf<
      { readonly value: string; readonly way: "near" | "far" } & { readonly size?: number | undefined }
    >();
  });
});
