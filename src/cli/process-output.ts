/** The process's own streams. */

import { once } from "node:events";
import { isCode } from "../client/node/system-error.js";
import { type Output, OutputClosedError } from "./output.js";

/** Standard output and standard error. A reader that goes early ends no process by itself: the next `out` says so. */
export function processOutput(): Output {
  const { stdout, stderr } = process;
  let failure: Error | undefined;
  stdout.on("error", (error: Error) => {
    failure = error;
  });
  // There is nobody left to tell.
  stderr.on("error", () => {});
  return {
    out(text) {
      if (failure !== undefined) throw closed(failure);
      return stdout.write(text) ? undefined : drained(stdout);
    },
    err: (text) => void stderr.write(text),
    outIsTerminal: stdout.isTTY,
    errIsTerminal: stderr.isTTY,
    get columns() {
      return stdout.isTTY ? stdout.columns : undefined;
    },
  };
}

async function drained(stream: NodeJS.WriteStream): Promise<void> {
  try {
    await once(stream, "drain");
  } catch (error) {
    throw closed(error);
  }
}

function closed(error: unknown): unknown {
  return isCode(error, "EPIPE") ? new OutputClosedError({ cause: error }) : error;
}
