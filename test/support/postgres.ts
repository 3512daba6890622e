/** A PostgreSQL of its own for tests and scripts: a cluster in a temporary folder, reached over 127.0.0.1, gone when it is stopped. */

import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** A running PostgreSQL. */
export interface Postgres {
  readonly place: Place;
  /** The address of a database; of an empty one by default. */
  url(database?: string): string;
  /** Makes a database and says its address. */
  createDatabase(): Promise<string>;
  /** `fast` ends connections in an orderly way, `immediate` as a crash would. Returns when it takes connections again. */
  restart(mode?: "fast" | "immediate"): Promise<void>;
  /** Stops for a while; the data stays. */
  pause(mode?: "fast" | "immediate"): Promise<void>;
  /** Goes on after {@link pause}. */
  resume(): Promise<void>;
  /** Stops for good, and removes everything. */
  stop(): Promise<void>;
}

/** What is to be known of a cluster, so that another process can use and stop it. */
export interface Place {
  readonly folder: string;
  readonly port: number;
}

const preferredFolder = "/usr/lib/postgresql/15/bin";

/** The folder of the programs, 15 before all others; undefined when there is none. */
export function postgresPrograms(): string | undefined {
  return [preferredFolder, ...(process.env["PATH"] ?? "").split(delimiter)].find((folder) =>
    ["initdb", "pg_ctl"].every((name) => isExecutable(join(folder, name))),
  );
}

/**
 * Starts a cluster.
 *
 * @throws Error when PostgreSQL is not installed, or does not start
 */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "taxii-pg-"));
  try {
    const owner = unprivileged();
    if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
    // fsync stays on, so that what a crash leaves behind is what it would leave behind.
    await run("initdb", ["-D", join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    const place = { folder, port: await freePort() };
    writeFileSync(
      join(folder, "data", "postgresql.auto.conf"),
      [
        `port = ${place.port}`,
        "listen_addresses = '127.0.0.1'",
        `unix_socket_directories = '${folder}'`,
        "max_connections = 100",
        "shared_buffers = 64MB",
        "",
      ].join("\n"),
    );
    await control(place, "start");
    return attachPostgres(place);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A cluster that {@link startPostgres} started, perhaps in another process. */
export function attachPostgres(place: Place): Postgres {
  const url = (database = "postgres"): string => `postgres://postgres@127.0.0.1:${place.port}/${database}`;
  return {
    place,
    url,
    async createDatabase() {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await run("createdb", ["-h", "127.0.0.1", "-p", String(place.port), "-U", "postgres", name]);
      return url(name);
    },
    restart: (mode = "fast") => control(place, "restart", mode),
    pause: (mode = "fast") => control(place, "stop", mode),
    resume: () => control(place, "start"),
    async stop() {
      // It may be paused.
      await control(place, "stop", "immediate").catch(() => undefined);
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}

async function control({ folder }: Place, action: "start" | "stop" | "restart", mode?: string): Promise<void> {
  const log = join(folder, "log");
  const how = mode === undefined ? [] : ["-m", mode];
  try {
    await run("pg_ctl", [action, "-D", join(folder, "data"), "-l", log, "-w", "-t", "60", ...how]);
  } catch (error) {
    throw new Error(`PostgreSQL did not ${action}:\n${readLog(log)}`, { cause: error });
  }
}

function readLog(log: string): string {
  try {
    return readFileSync(log, "utf8").slice(-4000);
  } catch {
    return "(no log)";
  }
}

/** Runs a program of PostgreSQL, which refuses to be run as root. */
async function run(program: string, args: readonly string[]): Promise<void> {
  const programs = postgresPrograms();
  if (programs === undefined) {
    throw new Error(
      `PostgreSQL is not installed: expected initdb and pg_ctl in ${preferredFolder} or on the PATH (apt-get install postgresql-15)`,
    );
  }
  const { PATH, LANG } = process.env;
  await promisify(execFile)(join(programs, program), args, { cwd: tmpdir(), env: { PATH, LANG }, ...unprivileged() });
}

/** Whom to run as; undefined for who we are. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, user], { stdio: ["ignore", "pipe", "ignore"] })));
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // No such user; the next one.
    }
  }
  throw new Error("PostgreSQL cannot be run as root, and there is no user postgres or nobody");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
