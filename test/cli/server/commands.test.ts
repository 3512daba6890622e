import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../../src/cli/program.js";
import { testEnvironment } from "../environment.js";
import { taxii } from "../run.js";
import { folder, linesOf } from "./kit.js";

function file(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

describe("taxii config", () => {
  it("check prints OK, or each place", async () => {
    expect(await taxii(["config", "check", file("right.yaml", "database: x.db")])).toMatchObject({ code: 0, out: "OK\n", err: "" });
    const wrong = file("wrong.yaml", "database: x.db\nprt: 1\n");
    const { code, out, err } = await taxii(["config", "check", wrong]);
    expect([code, out, err]).toEqual([2, "", `taxii config check: ${wrong}:2:1: there is no key prt; did you mean port?\n`]);
  });

  it("check says what is not safe", async () => {
    const { code, err } = await taxii(["config", "check", "-"], { input: "database: x.db\nlisten: { host: 0.0.0.0 }" });
    expect(code).toBe(2);
    expect(err).toContain("clear text");
    expect(err).toContain("read and write everything");
  });

  it("show prints what it comes to, without secrets", async () => {
    const input = "database: postgres://taxii:hunter22@db/taxii";
    const shown = await taxii(["config", "show", "-"], { input, env: { TAXII_LISTEN_PORT: "7" } });
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toContain("database: postgres://taxii:***@db/taxii\n");
    expect(shown.out).toContain("port: 7\n");
    const json = await taxii(["config", "show", "-", "--json"], { input });
    expect(JSON.parse(json.out)).toMatchObject({ listen: { port: 9000 }, workers: { inProcess: true } });
  });
});

describe("taxii migrate", () => {
  it("says what it did, and does it once", async () => {
    const database = join(folder, "migrate/taxii.db");
    const first = await taxii(["migrate", "--database", database]);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^(Migrated \d{3}-\w+\n)+$/);
    expect(await taxii(["migrate", "--database", database])).toMatchObject({ code: 0, out: "The database is up to date.\n" });
    expect(await taxii(["migrate", "--database", database, "--json"])).toMatchObject({ code: 0, out: '{"steps":[]}\n' });
  });

  it("says that there is no database to be had", async () => {
    expect((await taxii(["migrate", "--database", folder])).code).toBe(1);
    expect(await taxii(["migrate"])).toMatchObject({ code: 2, err: expect.stringContaining("expected --config or --database") });
  });
});

describe("taxii serve and taxii worker", () => {
  const config = file("serve.yaml", `database: ${join(folder, "serve.db")}\nlisten: { port: 0 }\nmetrics: { port: 0 }\n`);

  /** Runs a command until it has said where it is, and what there is to do has been done. */
  async function runUntil(args: readonly string[], work: (out: string, hangup: () => void) => Promise<void>) {
    const stop = new AbortController();
    let hangup = (): void => undefined;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const environment = {
      ...testEnvironment({ signal: stop.signal }),
      onHangup: (listener: () => void) => {
        hangup = listener;
        begin();
        return () => undefined;
      },
    };
    const texts: string[] = [];
    const errors: string[] = [];
    const output = {
      ...environment.output,
      out: (text: string | Uint8Array) => void texts.push(String(text)),
      err: (text: string) => void errors.push(text),
    };
    const ended = run(args, { ...environment, output });
    await Promise.race([begun, ended]);
    try {
      await work(texts.join(""), hangup);
    } finally {
      stop.abort();
    }
    return { code: await ended, out: texts.join(""), log: linesOf(errors.join("")) };
  }

  it("serve says what it serves, reads again on SIGHUP, and ends well", async () => {
    const { code, out, log } = await runUntil(["serve", "--config", config], async (said, hangup) => {
      const [, url] = /^Listening on (\S+)$/m.exec(said) ?? [];
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      hangup();
      await expect.poll(async () => (await fetch(`${url}/healthz`)).status).toBe(200);
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^Listening on http:\/\/127\.0\.0\.1:\d+\n( {2}[A-Z_]+ http:\S+\n){4}Health and metrics on http:\S+\n$/);
    expect(log.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["listening", "stopping", "stopped"]));
  });

  it("worker can be asked how it is, and ends well", async () => {
    const { code } = await runUntil(["worker", "--config", config], async (said) => {
      const [, url] = /^Health and metrics on (\S+)$/m.exec(said) ?? [];
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    });
    expect(code).toBe(0);
  });

  it("say why they cannot run", async () => {
    const unsafe = file("unsafe.yaml", "database: x.db\nlisten: { host: 0.0.0.0 }");
    expect(await taxii(["serve", "--config", unsafe])).toMatchObject({ code: 2, err: expect.stringContaining("clear text") });
    const nowhere = file("nowhere.yaml", "database: /dev/null/taxii.db");
    expect((await taxii(["serve", "--config", nowhere])).code).toBe(1);
    expect((await taxii(["worker", "--config", nowhere])).code).toBe(1);
    const none = await taxii(["serve", "--config", join(folder, "none.yaml")], { env: { TAXII_LISTEN_PROT: "1" } });
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining("there is no such file") });
  });

  it("point out variables with a slip of the pen", async () => {
    const { err } = await taxii(["serve", "--config", file("nowhere2.yaml", "database: /dev/null/taxii.db")], {
      env: { TAXII_LISTEN_PROT: "1" },
    });
    expect(err).toContain("TAXII_LISTEN_PROT is no setting; did you mean TAXII_LISTEN_PORT?");
  });
});
