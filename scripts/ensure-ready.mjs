// Runs before the README's two commands: installs what is missing, builds what is old. Does nothing when all is there.

import { execSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (command) => execSync(command, { cwd: root, stdio: ["ignore", 2, 2] });

const installed = join(root, "node_modules", ".package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs) {
  console.error("Installing the dependencies (npm ci) …");
  run("npm ci --no-audit --no-fund");
}

const newest = (folder) =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
const built = join(root, "dist", ".built");
if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...["src", "generated", "codegen"].map(newest))) {
  console.error("Building (npm run build) …");
  run("npm run --silent build");
}
