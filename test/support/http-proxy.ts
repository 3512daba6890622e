/** The proxy of http-proxy.mjs, in a process of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface HttpProxy {
  readonly port: number;
  /** What it was asked for, a line each: `connect HOST:PORT` or `forward HOST:PORT`. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

const script = fileURLToPath(new URL("./http-proxy.mjs", import.meta.url));

/** @param credentials `USER:PASSWORD`, which it then asks for. Default: none */
export async function startProxy(credentials = ""): Promise<HttpProxy> {
  const child = spawn(process.execPath, [script, credentials], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const [first] = (await once(lines, "line")) as [string];
  const seen: string[] = [];
  lines.on("line", (line) => seen.push(line));
  return {
    port: Number(first),
    seen,
    async close() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
