/** Runs the code of a page of the documentation, block after block. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the code of a page printed. */
export interface Printed {
  /** How many blocks of code there were. */
  readonly blocks: number;
  /** The arguments of each call of console.log. */
  readonly log: readonly unknown[][];
  readonly warn: readonly unknown[][];
}

/** Runs the TypeScript of a page as one program. */
export async function runPage(page: string): Promise<Printed> {
  const text = readFileSync(join(root, page), "utf8");
  const code = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "taxii-docs-"));
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    writeFileSync(join(folder, "page.ts"), code.join("\n"));
    await import(join(folder, "page.ts"));
    return { blocks: code.length, log: [...log.mock.calls], warn: [...warn.mock.calls] };
  } finally {
    log.mockRestore();
    warn.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
}
