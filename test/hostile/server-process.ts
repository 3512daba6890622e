/** A server in a process of its own, and what it takes. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("process.ts", import.meta.url));

export interface ServerProcess {
  readonly port: number;
  /** Everything it said, faults of its own among it. */
  readonly lines: readonly string[];
  /** Mebibytes of memory it took at most since it began. */
  peak(): number;
  stop(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param heap mebibytes of values it may have; one that wants more does not come back
 * @throws Error when it does not come up
 */
export async function startProcess(heap: number): Promise<ServerProcess> {
  const child = spawn(process.execPath, [`--max-old-space-size=${heap}`, "--import", "tsx", program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const lines: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        const said = /^port: (\d+)$/.exec(line)?.[1];
        if (said === undefined) lines.push(line);
        else resolve(Number(said));
      });
    }
    void ended.then(() => reject(new Error(`the server ended:\n${lines.join("\n")}`)));
  });
  return {
    port,
    lines,
    peak: () => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
