import { describe, expect, it } from "vitest";
import { BoundedMap } from "../../src/accounts/bounded-map.js";
import { Lockout } from "../../src/accounts/lockout.js";

const attacker = { name: "alice", address: "192.0.2.66" };

describe("failed logins", () => {
  it("cost nothing at first, then twice as much each time, and at most 15 minutes", () => {
    const lockout = new Lockout();
    const waits: number[] = [];
    let now = 0;
    for (let failure = 0; failure < 20; failure += 1) {
      lockout.failed(attacker, now);
      const wait = lockout.wait(attacker, now);
      waits.push(wait);
      now += wait;
      expect(lockout.wait(attacker, now)).toBe(0);
    }
    expect(waits.slice(0, 10)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000]);
    // Waiting is forgiven too: it goes no further than what is forgotten meanwhile.
    expect(Math.max(...waits)).toBe(512_000);
    for (let failure = 0; failure < 20; failure += 1) lockout.failed(attacker, now);
    expect(lockout.wait(attacker, now)).toBe(900_000);
  });

  it("of one address do not lock out another one, nor another account of the same address", () => {
    const lockout = new Lockout();
    for (let failure = 0; failure < 10; failure += 1) lockout.failed(attacker, 0);
    expect(lockout.wait(attacker, 0)).toBe(16_000);
    expect(lockout.wait({ ...attacker, address: "192.0.2.1" }, 0)).toBe(0);
    expect(lockout.wait({ ...attacker, name: "bob" }, 0)).toBe(0);
  });

  it("of one network of IPv6 count as those of one address, whoever has it has all of them", () => {
    const lockout = new Lockout();
    for (let failure = 0; failure < 6; failure += 1) lockout.failed({ name: "alice", address: `2001:db8::${failure}` }, 0);
    expect(lockout.wait({ name: "alice", address: "2001:db8::ffff" }, 0)).toBe(1000);
    expect(lockout.wait({ name: "alice", address: "2001:db8:1::1" }, 0)).toBe(0);
  });

  it("of one address to many accounts slow it down for all, also behind a success", () => {
    const lockout = new Lockout();
    for (let failure = 0; failure < 51; failure += 1) lockout.failed({ ...attacker, name: `account ${failure}` }, 0);
    lockout.succeeded({ ...attacker, name: "account 1" });
    expect(lockout.wait({ ...attacker, name: "bob" }, 0)).toBe(1000);
    expect(lockout.wait({ name: "bob", address: "192.0.2.1" }, 0)).toBe(0);
  });

  it("are forgiven with a success, and forgotten with time", () => {
    const lockout = new Lockout();
    for (let failure = 0; failure < 8; failure += 1) lockout.failed(attacker, 0);
    lockout.succeeded(attacker);
    expect(lockout.wait(attacker, 0)).toBe(0);
    for (let failure = 0; failure < 8; failure += 1) lockout.failed(attacker, 0);
    lockout.failed(attacker, 8 * 600_000);
    expect(lockout.wait(attacker, 8 * 600_000)).toBe(0);
  });

  it("slow somebody who never stops down to a guess in ten minutes", () => {
    const lockout = new Lockout();
    let [now, guesses] = [0, 0];
    const day = 24 * 60 * 60 * 1000;
    while (now < day) {
      lockout.failed(attacker, now);
      guesses += 1;
      now += Math.max(1, lockout.wait(attacker, now));
    }
    expect(guesses).toBeLessThan(250);
  });

  it("of any number of addresses take bounded memory", () => {
    const lockout = new Lockout({ remembered: 2 });
    for (let failure = 0; failure < 9; failure += 1) lockout.failed(attacker, 0);
    for (const address of ["192.0.2.2", "192.0.2.3"]) lockout.failed({ name: "alice", address }, 0);
    expect(lockout.wait(attacker, 0)).toBe(0);
  });
});

it("a bounded map keeps what was used last", () => {
  const map = new BoundedMap<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  expect(map.get("a")).toBe(1);
  map.set("c", 3);
  expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([1, undefined, 3, 2]);
  map.clear();
  expect(map.size).toBe(0);
});
