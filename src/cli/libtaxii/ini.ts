/** Settings files as Python's ConfigParser reads them: sections, options, comments, lines that go on, interpolation. */

import { UsageError } from "../failure.js";

/** An option of a section. */
export interface IniOption {
  /** In lower case. */
  readonly name: string;
  /** With interpolation done. */
  readonly value: string;
  /** Where it begins; 1-based. */
  readonly line: number;
}

/** What stands in a file, before interpolation. */
interface Entry {
  readonly name: string;
  readonly line: number;
  /** The value, by lines. */
  readonly lines: string[];
}

type Section = Map<string, Entry>;

/** Options of this section count in every section. */
const everywhere = "DEFAULT";

/** How deep values can be within each other; as in ConfigParser. */
const deepest = 10;

/**
 * The options of one section, those of `[DEFAULT]` first.
 *
 * - `name = value` and `name: value`; names in any case.
 * - Lines that begin with `#` or `;` are comments; there are none behind a value.
 * - A line that is indented more than its option goes on with the value.
 * - `%%` is a percent sign, `%(name)s` the value of another option.
 *
 * @param file the name of the file, for errors
 * @throws UsageError with file and line; values are not repeated in it, they may be secret
 */
export function readIniSection(text: string, name: string, file: string): IniOption[] {
  const sections = parseSections(text, file);
  const section = sections.get(name);
  if (section === undefined) {
    const found = [...sections.keys()].filter((other) => other !== everywhere).map((other) => `[${other}]`);
    throw new UsageError(`${file}: expected a section [${name}], found ${found.join(", ") || "none"}`);
  }
  const entries: Section = new Map([...(sections.get(everywhere) ?? []), ...section]);
  return [...entries.values()].map((entry) => ({
    name: entry.name,
    line: entry.line,
    value: interpolate(entry, entries, file, 0),
  }));
}

function parseSections(text: string, file: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  let entry: Entry | undefined;
  /** Indentation of the line that began the option or section. */
  let indent = 0;
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|[\n\r]/)
    .entries()) {
    const content = line.trim();
    if (/^[#;]/.test(content)) continue;
    const depth = line.length - line.trimStart().length;
    // An empty line does not end a value that goes on behind it.
    if (content === "") entry?.lines.push("");
    else if (entry !== undefined && depth > indent) entry.lines.push(content);
    else {
      indent = depth;
      const at = `${file}:${index + 1}`;
      const header = /^\[([^\]]+)\]/.exec(content)?.[1];
      if (header === undefined) entry = addOption(content, section, index + 1, at);
      else {
        section = addSection(header, sections, at);
        entry = undefined;
      }
    }
  }
  return sections;
}

function addSection(name: string, sections: Map<string, Section>, at: string): Section {
  const known = sections.get(name);
  if (known !== undefined && name !== everywhere) throw new UsageError(`${at}: there is a section [${name}] already`);
  const section: Section = known ?? new Map<string, Entry>();
  sections.set(name, section);
  return section;
}

function addOption(content: string, section: Section | undefined, line: number, at: string): Entry {
  if (section === undefined) throw new UsageError(`${at}: expected a section such as [libtaxii] before the first option`);
  const [, before, value = ""] = /^(.*?)\s*[=:]\s*(.*)$/s.exec(content) ?? [];
  if (before === undefined || before === "") throw new UsageError(`${at}: expected NAME = VALUE or [SECTION]`);
  const name = before.toLowerCase();
  const known = section.get(name);
  if (known !== undefined) throw new UsageError(`${at}: there is an option ${name} already, in line ${known.line}`);
  const entry: Entry = { name, line, lines: [value] };
  section.set(name, entry);
  return entry;
}

/** @param depth how many values this one stands within */
function interpolate(entry: Entry, entries: Section, file: string, depth: number): string {
  const at = `${file}:${entry.line}: ${entry.name}`;
  if (depth > deepest) throw new UsageError(`${at} is within other values more than ${deepest} deep, or within itself`);
  const raw = entry.lines.join("\n").trimEnd();
  return raw.replace(/%(?:(%)|\(([^()]*)\)s)?/g, (_, percent: string | undefined, name: string | undefined) => {
    if (percent !== undefined) return percent;
    if (name === undefined) throw new UsageError(`${at}: a percent sign is written %%, and another option %(name)s`);
    const other = entries.get(name.toLowerCase());
    if (other === undefined) throw new UsageError(`${at}: the section has no option of the name in %(…)s`);
    return interpolate(other, entries, file, depth + 1);
  });
}
