/** A server in a process of its own, to be killed. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/src/cli/bin/taxii.js", import.meta.url));

/** A process of `taxii serve` or `taxii worker` with a configuration, started again and again. */
export class Node {
  readonly #config: string;
  readonly #command: "serve" | "worker";
  #process: ChildProcess | undefined;
  /** Where it listens; stays what it was while it is down. */
  url = "http://127.0.0.1:1";
  /** The last lines of its log. */
  readonly log: string[] = [];

  constructor(folder: string, name: string, config: object, command: "serve" | "worker" = "serve") {
    this.#config = join(folder, `${name}.json`);
    this.#command = command;
    writeFileSync(this.#config, JSON.stringify(config));
  }

  /** Starts it, and resolves when it takes requests. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [program, this.#command, "--config", this.#config], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    createInterface(child.stderr).on("line", (line) => {
      this.log.push(line);
      if (this.log.length > 200) this.log.shift();
    });
    const lines = createInterface(child.stdout);
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`it ended with ${String(code)}:\n${this.log.join("\n")}`);
    });
    ended.catch(() => undefined);
    const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
    lines.on("line", () => undefined);
    this.url = /http:\/\/[\w.:]+/.exec(line)?.[0] ?? this.url;
  }

  /** Kills it as a loss of power would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Ends it as an operator does; gives the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child === undefined) return null;
    if (child.exitCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    return child.exitCode;
  }

  /** Forgets its configuration. */
  dispose(): void {
    rmSync(this.#config, { force: true });
  }
}

/** What fault tests do to one server: number of rounds. The whole number is what CI asks for. */
export const rounds = Number(process.env["TAXII_FAULT_ROUNDS"] ?? "12");

/** A configuration for one node on `database`, pushing to a receiver on this machine. */
export function configFor(database: string, receiver: string, extra: object = {}): object {
  return {
    port: 0,
    database,
    collections: [{ name: "feed" }],
    // Small, so that polls come in parts. Polls that break off leave results behind.
    poll: { maxBlocks: 25, asynchronous: "never", maxResults: 1_000_000 },
    push: { allow: [receiver], allowHttp: true, allowPrivate: ["127.0.0.0/8"], minDelay: 0.1, maxDelay: 0.5, attempts: 100_000 },
    workers: { interval: 0.2, lease: 2 },
    log: { level: "warn" },
    ...extra,
  };
}
