#!/usr/bin/env node
import { run } from "../program.js";

// A reader that closes its end early, such as head, is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});
process.exitCode = await run(process.argv.slice(2));
