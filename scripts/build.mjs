// Compiles src, generated and codegen to dist, and marks the programs as executable.

import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const program of Object.values(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).bin))
  chmodSync(join(root, program), 0o755);
writeFileSync(join(root, "dist", ".built"), "");
