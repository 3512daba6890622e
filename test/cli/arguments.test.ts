import { describe, expect, it } from "vitest";
import { act, makeCommand, runCommand, several, wholeNumber } from "../../src/cli/arguments.js";
import { OutputClosedError } from "../../src/cli/output.js";
import { StatusError } from "../../src/message/status-error.js";
import { type TestEnvironment, testEnvironment } from "./environment.js";

function program(environment: TestEnvironment, run: (...args: unknown[]) => number | Promise<number>) {
  const root = makeCommand("prog", environment).version("1.2.3");
  act(root.command("sub").argument("[x]").option("--many <v>", "", several).option("--number <n>", "", wholeNumber(1)), run);
  return root;
}

async function runWith(args: string[], run: (...args: unknown[]) => number | Promise<number> = () => 0) {
  const environment = testEnvironment();
  const code = await runCommand(program(environment, run), args, environment);
  return { code, out: environment.out, err: environment.err };
}

describe("runCommand", () => {
  it("gives the command's exit code, arguments and options", async () => {
    let seen: unknown[] = [];
    const run = (...args: unknown[]): number => {
      seen = args.slice(0, 2);
      return 7;
    };
    expect((await runWith(["sub", "a", "--many", "1", "--many", "2", "--number", "3"], run)).code).toBe(7);
    expect(seen).toEqual(["a", { many: ["1", "2"], number: 3 }]);
  });

  it("reports errors in the name of the command that was chosen", async () => {
    const result = await runWith(["sub"], () => {
      throw new StatusError("DENIED");
    });
    expect(result).toEqual({ code: 1, out: "", err: "prog sub: DENIED\n" });
  });

  it("prints help and version on standard output, usage on standard error", async () => {
    expect(await runWith(["--version"])).toEqual({ code: 0, out: "1.2.3\n", err: "" });
    expect(await runWith(["sub", "--help"])).toMatchObject({ code: 0, out: expect.stringContaining("Usage: prog sub"), err: "" });
    expect(await runWith(["nonsense"])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("unknown command 'nonsense'") });
    expect(await runWith([])).toMatchObject({ code: 2, out: "" });
    expect(await runWith(["sub", "--number", "0"])).toMatchObject({ code: 2, err: expect.stringContaining("at least 1") });
  });

  it("does not repeat the value of an option that is not known, which may be a secret", async () => {
    const { code, err } = await runWith(["sub", "--password=hunter2"]);
    expect(code).toBe(2);
    expect(err).toContain("unknown option '--password=…'");
    expect(err).not.toContain("hunter2");
    expect((await runWith(["sub", "-phunter2"])).err).not.toContain("hunter2");
  });

  it("neutralises what is not known", async () => expect((await runWith(["a\u001b[2J"])).err).toContain("a\\u001b[2J"));
});

describe("help that nobody reads to its end", () => {
  it.each([
    [
      "at once",
      (): Promise<void> => {
        throw new OutputClosedError();
      },
    ],
    ["later", () => Promise.reject(new OutputClosedError())],
  ])("is no failure, whether that is noticed %s", async (_, refuse) => {
    const environment = testEnvironment();
    let writes = 0;
    const out = (): Promise<void> => {
      writes += 1;
      return refuse();
    };
    const closed = { ...environment, output: { ...environment.output, out } };
    const command = makeCommand("prog", closed).description("x");
    expect([await runCommand(command, ["--help"], closed), writes]).toEqual([0, 1]);
    // An unhandled rejection would fail the run.
    await new Promise((resolve) => setImmediate(resolve));
  });
});
