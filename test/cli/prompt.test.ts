import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { InterruptedError } from "../../src/cli/interrupted.js";
import { askOn } from "../../src/cli/prompt.js";

function terminal(keys: string) {
  const keyboard = new PassThrough();
  const screen = new PassThrough();
  const shown: string[] = [];
  screen.on("data", (piece: Buffer) => shown.push(piece.toString()));
  const ask = (hidden: boolean): Promise<string> => {
    const answer = askOn(keyboard, screen, "Password: ", hidden);
    keyboard.write(keys);
    return answer;
  };
  return { ask, keyboard, shown: () => shown.join("") };
}

describe("askOn", () => {
  it("keeps a hidden answer off the screen", async () => {
    const { ask, shown } = terminal("hunter2\r");
    expect(await ask(true)).toBe("hunter2");
    expect(shown()).toBe("Password: \n");
  });

  it("lets the user correct the answer", async () => expect(await terminal("hunter3\u007f2\r").ask(true)).toBe("hunter2"));

  it("shows what is not hidden", async () => {
    const { ask, shown } = terminal("yes\r");
    expect(await ask(false)).toBe("yes");
    expect(shown()).toContain("Password: ");
    expect(shown()).toContain("yes");
  });

  it("takes Ctrl-C and the end of the input for an interruption", async () => {
    await expect(terminal("hunt\u0003").ask(true)).rejects.toThrow(InterruptedError);
    const { ask, keyboard } = terminal("hunt");
    const answer = ask(true);
    keyboard.end();
    await expect(answer).rejects.toThrow(InterruptedError);
  });
});
