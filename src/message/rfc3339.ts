/** Dates and times as RFC 3339 has them, where that is not the same as xs:dateTime. */

import { parseDateTime } from "../binding/datetime.js";

const dateTime = /^(\d{4})-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Whether `text` is a date-time of RFC 3339: four digits of year, no hour 24, a zone; `t`, `z` and the leap second 60 are fine. */
export function isRfc3339(text: string): boolean {
  if (!dateTime.test(text) || text.slice(11, 13) === "24") return false;
  // What is left are the calendar and the ranges, which xs:dateTime knows but for the year 0 and leap seconds.
  const year = text.startsWith("0000") ? "2000" : text.slice(0, 4);
  const second = text.slice(17, 19) === "60" ? "59" : text.slice(17, 19);
  return parseDateTime(`${year}${text.slice(4, 17)}${second}${text.slice(19)}`.toUpperCase()) !== undefined;
}

/** Whether an xs:dateTime is a date-time of RFC 3339 as well (XML-TS-001, XML-TS-007). */
export function isLabelOfRfc3339(label: string): boolean {
  return label.slice(11, 13) !== "24" && !label.startsWith("-");
}
