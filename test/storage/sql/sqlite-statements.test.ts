import Database from "better-sqlite3";
import { afterEach, expect, it, vi } from "vitest";
import { keepingStatements } from "../../../src/storage/sql/sqlite-statements.js";

const database = new Database(":memory:");
const prepare = vi.spyOn(database, "prepare");

afterEach(() => void prepare.mockClear());

it("a statement is prepared once, and answers anew each time", () => {
  const keeping = keepingStatements(database);
  keeping.prepare("create table words (word text)").run([]);
  for (const word of ["one", "two"]) keeping.prepare("insert into words values (?)").run([word]);
  for (const count of [1, 2]) expect(keeping.prepare("select word from words limit ?").all([count])).toHaveLength(count);
  expect(prepare).toHaveBeenCalledTimes(3);
});

it("a statement stays right when its table changes", () => {
  const keeping = keepingStatements(database);
  keeping.prepare("create table pairs (a)").run([]);
  keeping.prepare("insert into pairs (a) values (?)").run([1]);
  expect(keeping.prepare("select * from pairs").all([])).toEqual([{ a: 1 }]);
  keeping.prepare("alter table pairs add column b").run([]);
  expect(keeping.prepare("select * from pairs").all([])).toEqual([{ a: 1, b: null }]);
});

it("of many statements those that were used last are kept", () => {
  const keeping = keepingStatements(database);
  const used = keeping.prepare("select 'used'");
  for (let number = 0; number < 1000; number++) {
    keeping.prepare(`select ${number}`);
    expect(keeping.prepare("select 'used'")).toBe(used);
  }
  prepare.mockClear();
  keeping.prepare("select 999");
  expect(prepare).not.toHaveBeenCalled();
  keeping.prepare("select 0");
  expect(prepare).toHaveBeenCalledTimes(1);
});
