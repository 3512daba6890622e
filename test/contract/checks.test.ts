/** The checks: our own server passes all of them, and each of them finds the fault it is there for. */

import { describe, expect, it } from "vitest";
import { checks } from "../../src/contract/checks/index.js";
import { type CheckResult, type CheckServiceOptions, checkService } from "../../src/contract/index.js";
import type { Fault } from "./fault.js";
import { withFault } from "./fault.js";
import { faults } from "./faults/index.js";
import { alice, bob, createKit, url } from "./server.js";

async function run(options: Partial<CheckServiceOptions> & Pick<CheckServiceOptions, "fetch">): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of checkService({ url, auth: alice, otherAuth: bob, write: "long", ...options })) results.push(result);
  return results;
}

/** A fault, made anew where it remembers something. */
function begun(fault: Fault | (() => Fault)): Fault {
  return isMaker(fault) ? fault() : fault;
}

function isMaker(fault: Fault | (() => Fault)): fault is () => Fault {
  return fault.length === 0;
}

const ids = checks.map(({ check }) => check.id);

describe("each check finds its fault", () => {
  it("has one, and no other has", () => {
    expect(Object.keys(faults).sort()).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.for(ids)("%s", async (id, { expect: local }) => {
    const kit = await createKit();
    try {
      const fault = faults[id];
      if (fault === undefined) throw new Error(`no fault for ${id}`);
      const results = await run({ fetch: withFault(kit.fetch, begun(fault)), select: [id] });
      local(
        results
          .filter((result) => result.id === id)
          .map(({ outcome, detail }) => `${outcome}: ${detail}`)
          .join("\n"),
      ).toContain("broken: ");
      local(kit.failures).toEqual([]);
    } finally {
      await kit.stop();
    }
  });
});

/** Checks that found nothing out, and why. */
function unanswered(results: readonly CheckResult[]): string[] {
  return results.filter(({ outcome }) => outcome === "not applicable").map(({ id, version, detail }) => `${version} ${id}: ${detail}`);
}

describe("our own server", () => {
  it("passes all checks, with everything to look at", async () => {
    const kit = await createKit();
    const results = await run({ fetch: kit.fetch });
    await kit.stop();
    expect(results.filter(({ outcome }) => outcome === "broken" || outcome === "not reachable")).toEqual([]);
    expect(unanswered(results)).toEqual([]);
    expect(kit.failures).toEqual([]);
    expect(results.length).toBeGreaterThan(250);
  });

  it("passes all checks that apply when nothing is to be written, and there is one account", async () => {
    const kit = await createKit();
    const results = await run({ fetch: kit.fetch, write: undefined, otherAuth: undefined });
    await kit.stop();
    expect(results.filter(({ outcome }) => outcome === "broken" || outcome === "not reachable")).toEqual([]);
    expect(unanswered(results)).toMatchSnapshot();
  });

  it.each(["1.0", "1.1"] as const)("passes all checks of TAXII %s alone", async (version) => {
    const kit = await createKit();
    const results = await run({ fetch: kit.fetch, versions: [version] });
    await kit.stop();
    expect(results.filter(({ outcome }) => outcome === "broken" || outcome === "not reachable")).toEqual([]);
    expect(new Set(results.map((result) => result.version))).toEqual(new Set([version]));
    expect(unanswered(results)).toMatchSnapshot();
  });
});
