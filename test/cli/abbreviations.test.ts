/** Arguments as argparse takes them, in the form commander reads. */

import { type Command, Option } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandAbbreviations, runLikeArgparse } from "../../src/cli/abbreviations.js";
import { act, makeCommand, several } from "../../src/cli/arguments.js";
import { UsageError } from "../../src/cli/failure.js";
import { testEnvironment } from "./environment.js";

function command(environment = testEnvironment()): Command {
  return makeCommand("program", environment)
    .option("-c, --collection <name>")
    .option("--content-binding <id>")
    .option("--cert <file>")
    .option("--ca-cert <file>")
    .option("--password <text>")
    .option("--https")
    .option("-x, --as-xml")
    .option("-v, --verbose")
    .option("-q <text>")
    .option("--header <text>", "", several)
    .addOption(new Option("--secretly").hideHelp());
}

const expand = (...args: string[]): string[] => expandAbbreviations(command(), args);

describe("expandAbbreviations", () => {
  it.each([
    [["--coll", "feed"], ["--collection=feed"]],
    [["--coll=feed"], ["--collection=feed"]],
    [["--ht"], ["--https"]],
    [["--cert", "a"], ["--cert=a"]],
    [["--hea", "A: b=c"], ["--header=A: b=c"]],
    [["--hel"], ["--help"]],
    [["--sec"], ["--secretly"]],
    [["-xv"], ["--as-xml", "--verbose"]],
    [
      ["-xc", "feed"],
      ["--as-xml", "--collection=feed"],
    ],
    [["-cfeed"], ["--collection=feed"]],
    [["-c=feed"], ["--collection=feed"]],
    [["-c=a=b"], ["--collection=a=b"]],
    [["-c="], ["--collection="]],
    [
      ["-q", "one", "-qtwo"],
      ["-q", "one", "-q", "two"],
    ],
    [["--password", ""], ["--password="]],
    [["--password", "-secret"], ["--password=-secret"]],
    [["--password", "--secret"], ["--password=--secret"]],
    [["--password=--https"], ["--password=--https"]],
    [["--password", "-"], ["--password=-"]],
    [
      ["one", "-", "--https", "--", "--ht", "-xv"],
      ["one", "-", "--https", "--", "--ht", "-xv"],
    ],
  ])("reads %j", (args, wanted) => {
    if (wanted === undefined) expect(() => expand(...args)).toThrow(/ambiguous/);
    else expect(expand(...args)).toEqual(wanted);
  });

  it("names what a beginning could stand for", () => {
    expect(() => expand("--c", "x")).toThrow(
      new UsageError(
        "--c is ambiguous: it could be any of --collection, --content-binding, --cert, --ca-cert".replace(", --ca-cert", ", --ca-cert"),
      ),
    );
  });

  it("does not take an option for a value", () => {
    expect(() => expand("--password", "--https")).toThrow("--password needs a value, but --https follows");
    expect(() => expand("-c", "-x")).toThrow("--collection needs a value, but -x follows");
    expect(() => expand("-c", "--password=secret")).toThrow(/^(?!.*secret)/);
  });

  it("does not take a value for what has none", () => {
    expect(() => expand("--https=yes")).toThrow("--https takes no value, but was given one");
    expect(() => expand("-x=1")).toThrow("--as-xml takes no value, but was given one");
  });

  it("leaves what it does not know to commander, without its value", () => {
    expect(expand("--pasword=secret", "-z=secret", "-xzsecret")).toEqual(["--pasword", "-z", "--as-xml", "-z"]);
    expect(expand("-c")).toEqual(["--collection"]);
  });

  it("finds every option by each beginning that no other has, and its value whatever it is", () => {
    const options = command().options.filter(({ long, required }) => long !== undefined && required);
    const names = [...command().options.map(({ long }) => long ?? ""), "--help"];
    const cases = options.flatMap(({ long = "" }) =>
      Array.from({ length: long.length - 3 }, (_, index) => long.slice(0, index + 4))
        .filter((beginning) => beginning === long || names.filter((name) => name.startsWith(beginning)).length === 1)
        .map((beginning) => ({ beginning, long })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.string(), fc.string(), ({ beginning, long }, value, rest) => {
        expect(expand(`${beginning}=${value}`, "--", rest)).toEqual([`${long}=${value}`, "--", rest]);
      }),
    );
  });
});

describe("runLikeArgparse", () => {
  it("gives the command its options", async () => {
    const environment = testEnvironment();
    const seen: unknown[] = [];
    const program = act(command(environment), (options: object) => {
      seen.push({ ...options });
      return 7;
    });
    expect(await runLikeArgparse(program, ["--coll", "feed", "-xv", "--hea", "A:1", "--header=B:2"], environment)).toBe(7);
    expect(seen).toEqual([{ collection: "feed", asXml: true, verbose: true, header: ["A:1", "B:2"] }]);
  });

  it.each([
    [["--c", "x"], "program: --c is ambiguous"],
    [["--pasword=secret"], "error: unknown option '--pasword'"],
    [["-c"], "error: option '-c, --collection <name>' argument missing"],
  ])("exits with 2 for %j", async (args, message) => {
    const environment = testEnvironment();
    expect(await runLikeArgparse(command(environment), args, environment)).toBe(2);
    expect(environment.err).toContain(message);
    expect(environment.err).not.toContain("secret");
  });
});
