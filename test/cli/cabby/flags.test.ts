/** The commands have every flag that their namesakes have, and understand each beginning of a flag that those understand. */

import { describe, expect, it } from "vitest";
import { expandAbbreviations } from "../../../src/cli/abbreviations.js";
import { cabbyCommands } from "../../../src/cli/cabby/index.js";
import { testEnvironment } from "../environment.js";
import { type CommandName, run } from "./kit.js";
import { type ReferenceFlag, reference } from "./reference.js";

const names = Object.keys(cabbyCommands) as CommandName[];
const rows = names.flatMap((name) => reference[name].map((flag: ReferenceFlag) => ({ name, long: flag.long, flag })));

const commandOf = (name: CommandName) => cabbyCommands[name](testEnvironment());

describe("the commands", () => {
  it("are those of cabby", () => expect(names).toEqual(Object.keys(reference)));

  it.each(rows)("$name has $long", ({ name, flag }) => {
    const option = commandOf(name).options.find(({ long }) => long === flag.long);
    expect(option).toBeDefined();
    expect({
      short: option?.short,
      isSwitch: option?.required === false,
      isRequired: option?.mandatory,
      default: option?.defaultValue as unknown,
      choices: option?.argChoices,
    }).toEqual({
      short: flag.short,
      isSwitch: flag.isSwitch ?? false,
      isRequired: flag.isRequired ?? false,
      default: flag.default,
      choices: flag.choices,
    });
  });

  it.each(names)("%s has nothing else but --cleartext-auth", (name) => {
    const known = new Set<string>(reference[name].map(({ long }) => long));
    const others = commandOf(name).options.filter(({ long = "" }) => !known.has(long));
    expect(others.map(({ flags }) => flags)).toEqual(["--cleartext-auth"]);
  });

  it.each(names)("%s understands every beginning that argparse takes for one flag", (name) => {
    const command = commandOf(name);
    const flags: readonly ReferenceFlag[] = [...reference[name], { long: "--help", isSwitch: true }];
    for (const { long, isSwitch } of flags) {
      for (let length = 3; length <= long.length; length++) {
        const beginning = long.slice(0, length);
        const candidates = flags.filter((other) => other.long.startsWith(beginning));
        if (beginning !== long && candidates.length > 1) continue;
        const [given, expected] = isSwitch === true ? [[beginning], [long]] : [[beginning, "v"], [`${long}=v`]];
        expect(expandAbbreviations(command, given)).toEqual(expected);
      }
    }
  });

  it.each(names)("%s --help", async (name) => {
    const { code, out, err } = await run(name, ["--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatchSnapshot();
  });
});

describe("wrong usage", () => {
  it.each(names)("of %s is said and exits with 2", async (name) => {
    const { code, out, err } = await run(name, []);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^(error: required option '--|error: required option '-|taxii-\w+: expected --discovery)/);
  });

  it.each([
    [["--port", "http"], "option '--port <number>' argument 'http' is invalid"],
    [["--port", "70000"], "at most 65535"],
    [["--timeout", "soon"], "Expected a number of seconds above 0"],
    [["--proxy-type", "socks"], "Allowed choices are http, https"],
    [["-t", "2.1"], "Allowed choices are 1.0, 1.1"],
    [["--https", "true"], "too many arguments"],
    [["--ver", "no"], "--ver is ambiguous: it could be any of --verify, --verbose"],
    [["--pasword=hush", "--path", "/x"], "unknown option '--pasword'"],
  ])("%j", async (args, message) => {
    const { code, err } = await run("taxii-discovery", args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain("hush");
  });
});
