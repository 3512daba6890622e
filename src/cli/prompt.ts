/** Questions on a terminal. */

import { createInterface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import { InterruptedError } from "./interrupted.js";

/**
 * Puts a question on `screen` and reads a line of `keyboard`.
 *
 * @param hidden whether the answer stays off the screen
 * @throws InterruptedError on Ctrl-C and at the end of the input
 */
export function askOn(keyboard: Readable, screen: Writable, question: string, hidden: boolean): Promise<string> {
  // readline writes the line anew with each key, the question included; the place it writes to is the one thing that can be
  // taken away.
  const echo = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : screen;
  if (hidden) screen.write(question);
  const lines = createInterface({ input: keyboard, output: echo, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    lines.question(hidden ? "" : question, (answer) => {
      resolve(answer);
      lines.close();
    });
    lines.once("SIGINT", () => lines.close());
    lines.once("close", () => {
      if (hidden) screen.write("\n");
      // After an answer this changes nothing.
      reject(new InterruptedError());
    });
  });
}
