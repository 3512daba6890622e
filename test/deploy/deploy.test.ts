/** What is in deploy/: it can be read, and every option, setting and variable in it exists. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { taxiiCommand } from "../../src/cli/program.js";
import { readServerConfig } from "../../src/cli/server/config/read.js";
import { dangersOf } from "../../src/cli/server/config/safety.js";
import { testEnvironment } from "../cli/environment.js";

const root = join(import.meta.dirname, "../..");
const deployed = (name: string): string => readFileSync(join(root, "deploy", name), "utf8");
const folder = mkdtempSync(join(tmpdir(), "taxii-deploy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Holds a command line against the commands and options that there are. */
async function expectCommand(args: readonly string[]): Promise<void> {
  let command: Command = await taxiiCommand(testEnvironment());
  const left = [...args];
  for (let child = command; child !== undefined; ) {
    const found = command.commands.find((one) => one.name() === left[0]);
    if (found === undefined) break;
    child = found;
    command = found;
    left.shift();
  }
  expect(command.name(), args.join(" ")).not.toBe("taxii");
  const known = command.options.map(({ long }) => long);
  for (const flag of left.filter((arg) => arg.startsWith("--"))) expect(known, args.join(" ")).toContain(flag);
}

async function deployedConfig() {
  const database = join(folder, "database_url");
  writeFileSync(database, "postgres://taxii:secret@database/taxii\n");
  return readServerConfig(join(root, "deploy/taxii.yaml"), testEnvironment({ env: { TAXII_DATABASE_FILE: database } }));
}

it("the configuration is one, and safe", async () => {
  const config = await deployedConfig();
  expect(dangersOf(config)).toEqual([]);
  expect(config).toMatchObject({ accounts: { authentication: "accounts" }, workers: { inProcess: false }, metrics: { port: 9100 } });
  expect(parse(deployed("taxii.yaml"))).toMatchObject({ databaseFile: "/run/secrets/database_url" });
});

describe("the image", () => {
  // Comments may stand within continued instructions.
  const lines = deployed("Dockerfile")
    .replace(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n");
  const instructions = lines.filter((line) => line.trim() !== "").map((line) => line.split(/ (.*)/s).slice(0, 2));
  const of = (name: string): string[] => instructions.filter(([one]) => one === name).map(([, rest = ""]) => rest.trim());

  it("has instructions only that Docker knows, and is built in stages on the Node the package needs", () => {
    const known = "FROM WORKDIR COPY RUN ENV USER EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD".split(" ");
    expect(instructions.filter(([name = ""]) => !known.includes(name))).toEqual([]);
    expect(of("FROM")).toEqual(["node:20-bookworm-slim AS build", "node:20-bookworm-slim"]);
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
    expect(engines.node).toMatch(/^>=20\./);
  });

  it("runs as nobody in particular", () => {
    expect(of("USER")).toEqual(["taxii"]);
    const stage = instructions.map(([name]) => name);
    expect(stage.lastIndexOf("USER")).toBeGreaterThan(stage.lastIndexOf("RUN"));
  });

  it("starts a command that exists, stops with the signal that it takes, and is asked on the ports of its configuration", async () => {
    expect(of("ENTRYPOINT")).toEqual(['["taxii"]']);
    await expectCommand(JSON.parse(of("CMD")[0] ?? "") as string[]);
    expect(of("STOPSIGNAL")).toEqual(["SIGTERM"]);
    const { listen, metrics } = await deployedConfig();
    expect(of("EXPOSE")).toEqual([`${listen.port} ${metrics.port}`]);
    const [health = ""] = of("HEALTHCHECK");
    expect(health).toContain(`http://127.0.0.1:${metrics.port}/healthz`);
    expect(JSON.parse(health.replace(/^.*CMD /, ""))).toMatchObject(["node", "-e", expect.stringContaining("fetch(")]);
  });

  it("takes nothing along that is secret or made", () => {
    expect(deployed("Dockerfile.dockerignore").split("\n")).toEqual(expect.arrayContaining(["node_modules", "deploy/secrets", ".git"]));
  });
});

describe("the compose file", () => {
  const compose = parse(deployed("compose.yaml"), { merge: true }) as {
    readonly services: Readonly<Record<string, Record<string, unknown>>>;
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
    readonly volumes: object;
  };
  const { services } = compose;

  it("has two servers, a worker and PostgreSQL 15, and nothing else that is reached from elsewhere", () => {
    expect(Object.keys(services)).toEqual(["server-1", "server-2", "worker", "database"]);
    expect(services["database"]).toMatchObject({ image: "postgres:15", healthcheck: { test: expect.arrayContaining(["pg_isready"]) } });
    const ports = Object.values(services).flatMap(({ ports: given = [] }) => given as string[]);
    expect(ports.every((port) => port.startsWith("127.0.0.1:") && port.endsWith(":9000"))).toBe(true);
  });

  it("waits for the database, gives secrets as files, and lets requests end", async () => {
    const config = await deployedConfig();
    for (const name of ["server-1", "server-2", "worker"]) {
      expect(services[name]).toMatchObject({
        depends_on: { database: { condition: "service_healthy" } },
        secrets: ["database_url"],
        cap_drop: ["ALL"],
        read_only: true,
      });
      const grace = Number.parseInt(String(services[name]?.["stop_grace_period"]), 10);
      expect(grace).toBeGreaterThan(config.listen.timeouts.drain + config.listen.timeouts.grace);
    }
    for (const { secrets = [] } of Object.values(services))
      for (const secret of secrets as string[]) expect(Object.keys(compose.secrets)).toContain(secret);
    expect(deployed("compose.yaml")).not.toMatch(/PASSWORD:/);
  });

  it("runs commands that exist", async () => {
    await expectCommand(services["worker"]?.["command"] as string[]);
    const mentioned = [...deployed("compose.yaml").matchAll(/docker compose run --rm server-1 (.*)$/gm)];
    expect(mentioned).toHaveLength(1);
    for (const [, line = ""] of mentioned) await expectCommand(line.split(" "));
  });
});

describe("the unit of systemd", () => {
  const sections = new Map<string, [string, string][]>();
  let section = "";
  for (const line of deployed("taxii.service")
    .split("\n")
    .filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      section = name;
      sections.set(name, []);
    } else sections.get(section)?.push([line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  }
  const service = new Map(sections.get("Service"));

  it("has three sections, and settings of the form NAME=VALUE", () => {
    expect([...sections.keys()]).toEqual(["Unit", "Service", "Install"]);
    for (const settings of sections.values()) for (const [name] of settings) expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
  });

  it("runs commands that exist, on the configuration that it checked before", async () => {
    for (const name of ["ExecStartPre", "ExecStart"]) {
      const [env, program, ...args] = (service.get(name) ?? "").split(" ");
      expect([env, program]).toEqual(["/usr/bin/env", "taxii"]);
      expect(args).toContain("/etc/taxii/taxii.yaml");
      await expectCommand(args);
    }
    expect(service.get("ExecReload")).toBe("/bin/kill -HUP $MAINPID");
  });

  it("is closed in, and has longer to stop than the server takes", async () => {
    for (const name of ["DynamicUser", "NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"])
      expect(service.get(name)).toBe("yes");
    expect(service.get("ProtectSystem")).toBe("strict");
    expect(service.get("CapabilityBoundingSet")).toBe("");
    // V8 makes code as it runs.
    expect(service.has("MemoryDenyWriteExecute")).toBe(false);
    const { drain, grace } = (await deployedConfig()).listen.timeouts;
    expect(Number(service.get("TimeoutStopSec"))).toBeGreaterThan(drain + grace);
  });
});
