import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The package under its own name, as users and generated code of theirs import it.
const own = {
  "taxii/binding": at("src/binding/index.ts"),
  "taxii/1.0": at("generated/taxii10/index.ts"),
  "taxii/1.1": at("generated/taxii11/index.ts"),
  "taxii/default-query": at("generated/default-query/index.ts"),
  "taxii/xmldsig": at("generated/xmldsig/index.ts"),
  "taxii/client": at("src/client/index.ts"),
  "taxii/server": at("src/server/index.ts"),
  "taxii/server/node": at("src/server/node/index.ts"),
  "taxii/accounts": at("src/accounts/index.ts"),
  "taxii/delivery": at("src/delivery/index.ts"),
  "taxii/contract": at("src/contract/index.ts"),
  "taxii/query": at("src/query/index.ts"),
  "taxii/storage/sqlite": at("src/storage/sql/sqlite.ts"),
  "taxii/storage/postgres": at("src/storage/sql/postgres.ts"),
  "taxii/storage": at("src/storage/index.ts"),
  taxii: at("src/index.ts"),
};

export default defineConfig({
  resolve: { alias: Object.entries(own).map(([name, replacement]) => ({ find: new RegExp(`^${name}$`), replacement })) },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/postgres-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
