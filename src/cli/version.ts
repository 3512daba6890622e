/** Which version of the package this is. */

import { readFileSync } from "node:fs";

/** The version in package.json; `unknown` where that is not at hand. */
export function packageVersion(): string {
  // The file lies two folders up from the sources, three from the built program.
  for (const path of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { name?: string; version?: string };
      if (name === "taxii" && version !== undefined) return version;
    } catch {
      // The next place may have it.
    }
  }
  return "unknown";
}
